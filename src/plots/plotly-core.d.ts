/** plotly.js ships types for its main entry only; the core has the same functions and fewer traces. */
declare module 'plotly.js/lib/core' {
  export { default } from 'plotly.js';
}
