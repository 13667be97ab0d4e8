// Shows which item of a carousel is in view, and adds arrows for mice. The page works without it.
for (const frame of document.querySelectorAll(".frame")) {
  const slides = frame.querySelector(".slides");
  const count = frame.querySelector(".count");
  if (!count) continue;
  const total = slides.children.length;
  const dots = document.querySelectorAll(".dots a");
  const go = (index) =>
    slides.scrollTo({ left: index * slides.clientWidth, behavior: "smooth" });
  const current = () => Math.round(slides.scrollLeft / slides.clientWidth);

  const arrows = [-1, 1].map((step) => {
    const arrow = document.createElement("button");
    arrow.className = step < 0 ? "arrow left" : "arrow right";
    arrow.setAttribute("aria-label", step < 0 ? "Previous item" : "Next item");
    arrow.addEventListener("click", () => go(current() + step));
    frame.append(arrow);
    return arrow;
  });
  const show = () => {
    const index = current();
    count.textContent = `${index + 1}/${total}`;
    dots.forEach((dot, at) => dot.classList.toggle("here", at === index));
    arrows[0].hidden = index === 0;
    arrows[1].hidden = index === total - 1;
  };
  dots.forEach((dot, at) =>
    dot.addEventListener("click", (event) => {
      event.preventDefault();
      go(at);
    }),
  );
  slides.addEventListener("scroll", show, { passive: true });
  show();
}
