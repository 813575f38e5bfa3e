const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** What ECMAScript, Node.js, CommonJS, the usual test runners and module loaders supply. */
export const JAVASCRIPT_GLOBALS: ReadonlySet<string> = words(`
  AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt BigInt64Array BigUint64Array Boolean DataView
  Date DisposableStack Error EvalError FinalizationRegistry Float16Array Float32Array Float64Array Function Infinity
  Int16Array Int32Array Int8Array Intl Iterator JSON Map Math NaN Number Object Promise Proxy RangeError
  ReferenceError Reflect RegExp Set SharedArrayBuffer String SuppressedError Symbol SyntaxError Temporal TypeError
  URIError Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly arguments
  decodeURI decodeURIComponent encodeURI encodeURIComponent escape eval globalThis isFinite isNaN parseFloat
  parseInt undefined unescape constructor hasOwnProperty isPrototypeOf propertyIsEnumerable toLocaleString toString
  valueOf

  AbortController AbortSignal Blob BroadcastChannel Buffer ByteLengthQueuingStrategy CloseEvent CompressionStream
  CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DecompressionStream Event EventSource EventTarget
  File FormData Headers MessageChannel MessageEvent MessagePort Navigator Performance PerformanceEntry
  PerformanceMark PerformanceMeasure PerformanceObserver PerformanceObserverEntryList PerformanceResourceTiming
  ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest
  ReadableStreamDefaultController ReadableStreamDefaultReader Request Response Storage SubtleCrypto TextDecoder
  TextDecoderStream TextEncoder TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern
  URLSearchParams WebSocket WritableStream WritableStreamDefaultController WritableStreamDefaultWriter atob btoa
  clearImmediate clearInterval clearTimeout console crypto fetch gc global localStorage navigator performance
  process queueMicrotask sessionStorage setImmediate setInterval setTimeout structuredClone

  __dirname __filename exports module require define requirejs System Deno Bun

  after afterAll afterEach assert before beforeAll beforeEach bench chai context describe expect expectTypeOf
  fdescribe fit it jasmine jest mocha onTestFinished pending sinon specify spyOn suite suiteSetup suiteTeardown
  setup teardown test tap vi vitest xcontext xdescribe xit xtest QUnit cy Cypress`);

/** Browser and worker globals that no one would write by mistake. */
export const BROWSER_GLOBALS: ReadonlySet<string> = words(`
  ActiveXObject Attr Audio BeforeUnloadEvent Cache CacheStorage CharacterData Clients Comment CompositionEvent
  DataTransfer Document DocumentFragment DragEvent Element ErrorEvent ExtendableEvent FetchEvent FileList FileReader
  FocusEvent FontFace Gamepad HashChangeEvent History Image ImageBitmap ImageData InputEvent IntersectionObserver
  KeyboardEvent Location MessageChannel MouseEvent MutationEvent MutationObserver NamedNodeMap Node NodeFilter
  NodeIterator NodeList Notification OffscreenCanvas Option PageTransitionEvent PaymentRequest Plugin PointerEvent
  PopStateEvent ProgressEvent PromiseRejectionEvent PublicKeyCredential Range ReportingObserver ResizeObserver
  Screen Selection ShadowRoot SharedWorker StaticRange StorageEvent StyleSheet SubmitEvent Text TextMetrics Touch
  TouchEvent TouchList TransitionEvent TreeWalker UIEvent VTTCue ValidityState Window Worker WorkerGlobalScope
  WorkerNavigator WheelEvent XMLDocument XMLHttpRequest XMLSerializer XPathEvaluator XPathResult XSLTProcessor
  addEventListener alert angular caches cancelAnimationFrame cancelIdleCallback clients confirm customElements dispatchEvent
  document getComputedStyle getSelection importScripts indexedDB location matchMedia opera prompt registerProcessor
  removeEventListener reportError requestAnimationFrame requestIdleCallback self skipWaiting speechSynthesis window
  chrome browser jQuery $ Zone ga gtag goog google`);

/** Families of browser interfaces, by how their names start. */
export const BROWSER_INTERFACE: RegExp =
  /^(?:HTML|SVG|CSS|DOM|WebGL|WebKit|webkit|RTC|IDB|Media|Audio|Video|Animation|Background|Broadcast|Canvas|Clipboard|Font|GPU|MathML|Performance|Permission|Push|Readable|Screen|Sensor|Service|Speech|Subtle|Text(?:De|En)coder|Touch|Trusted|USB|Wake|Window|Worker|Worklet|XR|moz|ms)[A-Z]\w*|^(?:CSS|Animation|Clipboard|Permissions)$/;

/** Globals of browsers and shells that are also everyday names: supplied only in a text that shows that it is for them. */
export const AMBIGUOUS_GLOBALS: ReadonlySet<string> = words(`
  blur close closed devicePixelRatio event external find focus fonts frameElement frames history innerHeight
  innerWidth length moveBy moveTo name onerror onload onmessage onunload open opener origin outerHeight
  outerWidth pageXOffset pageYOffset parent postMessage print registration resizeBy resizeTo screen screenX
  screenY scroll scrollBy scrollTo scrollX scrollY status stop top visualViewport load quit read readFile`);

/** What a text for browsers or workers mentions. */
export const BROWSER_SIGN: RegExp =
  /\b(?:document|window|self|navigator|addEventListener|importScripts|onmessage|postMessage|XMLHttpRequest|HTML\w*Element)\b/;
