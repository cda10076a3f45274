/** The page's one script: it shows the copy buttons, copies, says so, and opens what is folded before printing. */
export const COPY_SCRIPT = `
(() => {
  const status = document.getElementById('status');
  const select = (block) => {
    const range = document.createRange();
    range.selectNodeContents(block);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };
  const copy = async (block) => {
    try {
      await navigator.clipboard.writeText(block.textContent);
      return true;
    } catch {
      select(block);
      return document.execCommand('copy');
    }
  };
  for (const button of document.querySelectorAll('button[data-copies]')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const done = await copy(document.getElementById(button.dataset.copies));
      button.textContent = done ? 'Copied' : 'Selected';
      status.textContent = done ? 'Copied to the clipboard' : 'Selected: press Ctrl+C';
      setTimeout(() => { button.textContent = 'Copy'; status.textContent = ''; }, 2000);
    });
  }
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
  });
})();
`;
