/** A word that fits where somebody is. */
export interface Offer {
  readonly word: string;
  readonly about: string;
}
