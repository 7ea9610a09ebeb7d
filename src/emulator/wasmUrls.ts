/**
 * Addresses of tfjs's WebAssembly files as Vite serves and hashes them. The one place that knows; for browser code only, since
 * `?url` means nothing to Node: there give `createEmulator` the folder node_modules/@tensorflow/tfjs-backend-wasm/dist/.
 */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

export const wasmUrls: Readonly<Record<string, string>> = {
  'tfjs-backend-wasm.wasm': plain,
  'tfjs-backend-wasm-simd.wasm': simd,
  // Never loaded (threads are off), but tfjs warns when a path is missing.
  'tfjs-backend-wasm-threaded-simd.wasm': simd,
};
