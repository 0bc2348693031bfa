// The copy button of a block with `$ ` prompts copies the commands, and not what they printed.
document.addEventListener("click", function (event) {
  const button = event.target.closest(".md-clipboard, [data-clipboard-target]");
  const block = button && document.querySelector(button.dataset.clipboardTarget || "");
  if (!block || !/^\$ /m.test(block.textContent)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const commands = [];
  let open = false;
  for (const line of block.textContent.split("\n")) {
    if (line.startsWith("$ ")) commands.push(line.slice(2));
    else if (open) commands.push(line);
    else continue;
    open = line.endsWith("\\");
  }
  navigator.clipboard.writeText(commands.join("\n"));
}, true);
