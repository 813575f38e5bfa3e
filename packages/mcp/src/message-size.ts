/** Bytes of one message: patches and files of a change. */
export const MOST_MESSAGE_BYTES = 16_777_216;
