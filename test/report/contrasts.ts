/**
 * A script for a page, by WCAG 2.1's formula: gives every text that is shown with its contrast against the nearest
 * background behind it, as `{ text, contrast }`.
 */
export const CONTRASTS = `(() => {
  const channels = (color) => {
    const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\\d.]+/g) ?? []).map(Number);
    return { red, green, blue, alpha };
  };
  const linear = (channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  const luminance = ({ red, green, blue }) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const behind = (element) => {
    const color = channels(getComputedStyle(element).backgroundColor);
    if (color.alpha > 0) return color;
    return element.parentElement ? behind(element.parentElement) : { red: 255, green: 255, blue: 255 };
  };
  const speaks = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const silent = ['script', 'title', 'desc'];
  return [...document.querySelectorAll('body *')]
    .filter((element) => speaks(element) && element.checkVisibility() && !silent.includes(element.tagName.toLowerCase()))
    .map((element) => {
      const style = getComputedStyle(element);
      const ink = luminance(channels(element instanceof SVGElement ? style.fill : style.color));
      const paper = luminance(behind(element));
      const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
      return { text: element.tagName + ' ' + element.textContent.slice(0, 40), contrast };
    });
})()`;
