/** What a report comes to, before it is drawn. */

export interface Outcome {
  readonly kind: 'good' | 'attention' | 'bad';
  readonly text: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** On hover. */
  readonly title?: string;
}
