"use strict";
(() => {
  // Draws behind intervals, as in compare; and how long the controls rest before they are drawn.
  const draws = 400, rest = 600;
  const part = id => document.getElementById(id);
  const live = part("live"), status = part("live-status"), controls = [...live.querySelectorAll("[data-key]")];
  let model = null, starting = false, waiting = 0;
  live.hidden = false;

  const inflate = async text => {
    const packed = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  };
  const files = async id => {
    const found = {};
    for (const line of part(id).textContent.trim().split("\n")) {
      const [name, text] = line.split(" ");
      found[name] = await inflate(text);
    }
    return found;
  };

  // The runtime's scripts become modules in memory; everything else is handed to the runtime.
  const start = async () => {
    const program = await files("live-program"), modules = {};
    for (const name of ["dotnet.native.js", "dotnet.runtime.js", "dotnet.js"]) {
      const text = new TextDecoder().decode(program[name]).replaceAll("import.meta.url", "\"file:///\"");
      modules[name] = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
    }
    const { dotnet } = await import(modules["dotnet.js"]);
    const load = (kind, name) => modules[name] ?? Promise.resolve(new Response(program[name], {
      headers: { "content-type": name.endsWith(".wasm") ? "application/wasm" : "application/octet-stream" },
    }));
    const runtime = await dotnet.withResourceLoader(load).create();
    const exported = (await runtime.getAssemblyExports("TaalasSim.Browser")).TaalasSim.Browser.Program;
    for (const [name, content] of Object.entries(await files("live-files"))) exported.Put(name, content);
    const decode = line => new TextDecoder().decode(Uint8Array.from(atob(line), letter => letter.charCodeAt(0)));
    exported.Open(part("live-design").textContent.trim().split("\n").map(decode).join("\n"));
    return exported;
  };

  const value = control => control.tagName === "SELECT" ? control.value : control.dataset.values.split("|")[Number(control.value)];
  const tell = control => {
    const output = control.parentElement.querySelector("output");
    if (!output) return;
    output.textContent = value(control);
    control.setAttribute("aria-valuetext", value(control));
  };
  const show = withDraws => {
    const from = performance.now();
    const parts = model.Answer(controls.map(control => control.dataset.key + "=" + value(control)).join("\n"), withDraws);
    const found = parts.length > 1;
    if (found) [part("answer").innerHTML, part("where").innerHTML, part("live-command").textContent] = parts;
    part("answer").classList.toggle("stale", !found);
    part("where").classList.toggle("stale", !found);
    const took = performance.now() - from;
    live.dataset.shown = String(withDraws);
    live.dataset.milliseconds = took.toFixed(1);
    status.textContent = !found ? "There is no such chip: " + parts[0]
      : withDraws ? "Figures and intervals of this design." : "Figures of this design; intervals follow.";
  };
  const follow = () => {
    if (!model) return;
    clearTimeout(waiting);
    live.dataset.shown = "";
    show(0);
    waiting = setTimeout(() => show(draws), rest);
  };

  // Other formats, banks and processes take their time once; while nobody moves anything they are placed beforehand.
  const warm = () => {
    const next = controls.filter(control => /weights|bank|technology/.test(control.dataset.key)).flatMap(control => {
      const values = control.tagName === "SELECT" ? [...control.options].map(option => option.value) : control.dataset.values.split("|");
      return values.map(other => [control, other]);
    });
    const idle = window.requestIdleCallback ?? (work => setTimeout(work, 50));
    const step = () => {
      if (!next.length) return;
      if (live.dataset.shown === String(draws)) {
        const [changed, other] = next.shift();
        model.Answer(controls.map(control => control.dataset.key + "=" + (control === changed ? other : value(control))).join("\n"), 0);
      }
      setTimeout(() => idle(step), 30);
    };
    idle(step);
  };

  live.addEventListener("toggle", async () => {
    if (!live.open || starting) return;
    starting = true;
    const from = performance.now();
    status.textContent = "The model starts.";
    try {
      model = await start();
      // Once before it is asked for: descriptions are read and code is warm.
      for (let i = 0; i < 3; i++) show(0);
      live.dataset.started = (performance.now() - from).toFixed(0);
      follow();
      warm();
    } catch (fault) {
      status.textContent = "The model does not run in this browser: " + fault;
    }
  });
  for (const control of controls) control.addEventListener("input", () => { tell(control); follow(); });
  part("live-reset").addEventListener("click", () => {
    for (const control of controls) {
      if (control.tagName === "SELECT") control.selectedIndex = Number(control.dataset.start);
      else control.value = control.dataset.start;
      tell(control);
    }
    follow();
  });
})();
