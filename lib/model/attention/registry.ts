/** Every attention that `train` may use: name -> module, an {@link Attention}. */
export const attentions = {
  equations: 'lib/model/attention/equations.ts',
  authors: 'lib/model/attention/authors.ts',
} as const;
