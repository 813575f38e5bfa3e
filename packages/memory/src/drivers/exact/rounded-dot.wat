;; Inner products of a query and many vectors that are rounded to bytes, from above. Compiled into rounded-dot.ts by
;; scripts/compile-rounded-dot.mjs.
(module
  (import "table" "memory" (memory 1))

  ;; Of each place, writes a number that the inner product of query and vector does not exceed.
  (func (export "bounds")
    (param $query i32)      ;; 16-bit integers
    (param $length i32)     ;; how many; a multiple of 16
    (param $vectors i32)    ;; `length` bytes each, then the float32 that they are to be multiplied with, and the error's
    (param $places i32)     ;; which of them, 32-bit integers
    (param $count i32)      ;; how many
    (param $bounds i32)     ;; float32, one for each place
    (param $scale f32)      ;; what the query's integers are to be multiplied with
    (param $error f32)      ;; the length of what rounding took from the query, and more
    (local $end i32) (local $at i32) (local $vector i32) (local $stop i32)
    (local $even v128) (local $odd v128)
    (local.set $end (i32.add (local.get $places) (i32.shl (local.get $count) (i32.const 2))))
    (if (i32.eqz (local.get $count)) (then (return)))
    (loop $each
      (local.set $vector
        (i32.add
          (local.get $vectors)
          (i32.mul (i32.load (local.get $places)) (i32.add (local.get $length) (i32.const 16)))))
      (local.set $at (local.get $query))
      (local.set $stop (i32.add (local.get $vector) (local.get $length)))
      (local.set $even (v128.const i32x4 0 0 0 0))
      (local.set $odd (v128.const i32x4 0 0 0 0))
      (loop $sixteen
        (local.set $even
          (i32x4.add
            (local.get $even)
            (i32x4.dot_i16x8_s (v128.load (local.get $at)) (v128.load8x8_s (local.get $vector)))))
        (local.set $odd
          (i32x4.add
            (local.get $odd)
            (i32x4.dot_i16x8_s
              (v128.load offset=16 (local.get $at))
              (v128.load8x8_s offset=8 (local.get $vector)))))
        (local.set $at (i32.add (local.get $at) (i32.const 32)))
        (br_if $sixteen
          (i32.lt_u
            (local.tee $vector (i32.add (local.get $vector) (i32.const 16)))
            (local.get $stop))))
      (local.set $even (i32x4.add (local.get $even) (local.get $odd)))
      (f32.store
        (local.get $bounds)
        (f32.add
          (f32.mul
            (f32.mul (f32.load (local.get $vector)) (local.get $scale))
            (f32.convert_i32_s
              (i32.add
                (i32.add
                  (i32x4.extract_lane 0 (local.get $even))
                  (i32x4.extract_lane 1 (local.get $even)))
                (i32.add
                  (i32x4.extract_lane 2 (local.get $even))
                  (i32x4.extract_lane 3 (local.get $even))))))
          (f32.add (f32.load offset=4 (local.get $vector)) (local.get $error))))
      (local.set $bounds (i32.add (local.get $bounds) (i32.const 4)))
      (br_if $each
        (i32.lt_u
          (local.tee $places (i32.add (local.get $places) (i32.const 4)))
          (local.get $end))))))
