import { bar, COLOR, svg } from './svg.js';

const WIDTH = 160;

/** Draws an amount as a share of the greatest one beside it. */
export function shareBar(
  title: string,
  amount: { readonly value: number; readonly most: number; text: string },
): string {
  const share = amount.most > 0 ? amount.value / amount.most : 0;
  return svg({ title, description: amount.text, width: WIDTH, height: 14 }, [
    bar([0, 2], [WIDTH, 10], COLOR.band),
    bar([0, 2], [Math.max(share > 0 ? 2 : 0, WIDTH * share), 10], COLOR.before),
  ]);
}
