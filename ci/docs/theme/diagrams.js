// Draws the page's Mermaid diagrams, again when the reader changes between dark and light. Mermaid is
// large: only a page that has diagrams loads it.
(function () {
	"use strict";

	const mermaidScript = new URL("mermaid.min.js", document.currentScript.src);
	const diagrams = [...document.querySelectorAll(".diagram")].map((element) => ({
		element,
		text: element.textContent,
	}));
	let ready = Promise.resolve();

	function theme() {
		return document.body.getAttribute("data-md-color-scheme") === "slate" ? "dark" : "neutral";
	}

	function load(url) {
		return new Promise((resolve, reject) => {
			const script = document.createElement("script");

			script.src = url;
			script.onload = resolve;
			script.onerror = reject;
			document.head.append(script);
		});
	}

	async function draw() {
		const drawn = theme();

		if (diagrams.length)
			mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: drawn });
		for (const [index, { element, text }] of diagrams.entries()) {
			const { svg } = await mermaid.render("diagram-" + index, text, element);

			element.innerHTML = svg;
			element.classList.add("drawn");
		}
		document.body.dataset.diagrams = drawn;
	}

	function redraw() {
		ready = ready.then(draw);
	}

	if (diagrams.length)
		ready = load(mermaidScript);
	redraw();
	new MutationObserver(redraw).observe(document.body, {
		attributeFilter: ["data-md-color-scheme"],
	});
})();
