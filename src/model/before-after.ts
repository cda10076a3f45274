export interface BeforeAfter<Value> {
  readonly before: Value;
  readonly after: Value;
}
