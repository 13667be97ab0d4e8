// Keeps an open page up to date while "socialauto dashboard serve" runs: it is loaded again when
// there is something new, at the same place. Everything is written as text, never as markup.
"use strict";

(() => {
  const KEPT = "socialauto-place";
  const built = Number(document.documentElement.dataset.built);
  let source = null;
  let banner = null;
  let goal = null; // the place that this page is still on its way to

  function say(title, lines) {
    if (!title) {
      banner?.remove();
      banner = null;
      return;
    }
    if (!banner) {
      banner = document.createElement("div");
      banner.className = "banner";
      banner.setAttribute("role", "status");
      document.body.prepend(banner);
    }
    const head = document.createElement("b");
    head.textContent = title;
    const rest = lines.map((line) => {
      const made = document.createElement("p");
      made.textContent = line;
      return made;
    });
    banner.replaceChildren(head, ...rest);
  }

  function field() {
    const active = document.activeElement;
    return active?.id ? { id: active.id, at: active.selectionStart ?? null } : null;
  }

  // Where the reader was: this page's address, how far down, what is open, what is being typed.
  function keep() {
    const open = [...document.querySelectorAll("details, [role=tab]")].map(
      (one) => one.open ?? one.getAttribute("aria-selected") === "true",
    );
    const place = { page: location.pathname, down: scrollY, across: scrollX, open, field: field() };
    try {
      sessionStorage.setItem(KEPT, JSON.stringify(goal ?? place));
    } catch {
      // A browser that keeps nothing starts at the top.
    }
  }

  function kept() {
    try {
      const place = JSON.parse(sessionStorage.getItem(KEPT));
      sessionStorage.removeItem(KEPT);
      return place?.page === location.pathname ? place : null;
    } catch {
      return null;
    }
  }

  function goBack(place) {
    goal = place;
    document.querySelectorAll("details, [role=tab]").forEach((one, index) => {
      if (!place.open[index]) return;
      if ("open" in one) one.open = true;
      else one.click();
    });
    const wanted = place.field && document.getElementById(place.field.id);
    wanted?.focus({ preventScroll: true });
    if (wanted && place.field.at !== null) {
      wanted.setSelectionRange?.(place.field.at, place.field.at);
    }
    scrollTo(place.across, place.down);
    // The rows of a list come a little later, and only then is the page long enough.
    const grows = new ResizeObserver(() => scrollTo(place.across, place.down));
    grows.observe(document.body);
    const settle = () => {
      grows.disconnect();
      goal = null;
    };
    setTimeout(settle, 1500);
    for (const name of ["wheel", "touchmove", "keydown", "pointerdown"]) {
      addEventListener(name, settle, { once: true, passive: true });
    }
  }

  function hear(event) {
    const news = JSON.parse(event.data);
    if (news.built !== built) {
      keep();
      history.scrollRestoration = "manual";
      location.reload();
      return;
    }
    const title = "Some files cannot be read, or the ledger cannot. Shown is what was there before:";
    say(news.problems.length ? title : "", news.problems);
  }

  // A browser has few connections for one server: pages that nobody sees give theirs back.
  function connect() {
    if (document.hidden || source) return;
    source = new EventSource("/live/news");
    source.onmessage = hear;
    source.onerror = () => say("The server has stopped. Shown is what was there before.", []);
  }

  function leave() {
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : connect()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", connect);
  history.scrollRestoration = "auto";
  const place = kept();
  if (place) goBack(place);
  connect();
})();
