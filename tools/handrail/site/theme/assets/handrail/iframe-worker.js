/* Search without a server: a page that is read from a folder may have no worker, so a hidden frame does its work. */
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      this.send = (data) => inside.dispatchEvent(new MessageEvent("message", { data }));
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      inside.importScripts = (...addresses) =>
        addresses.reduce((before, one) => before.then(() => this.load(inside.document, one)), Promise.resolve());
      this.ready = this.load(inside.document, address);
    }

    load(page, address) {
      return new Promise((done, failed) => {
        const script = page.createElement("script");
        script.src = new URL(address, location.href).href;
        script.onload = done;
        script.onerror = failed;
        page.body.append(script);
      });
    }

    postMessage(data) {
      this.ready = this.ready.then(() => this.send(data));
    }

    terminate() {}
  };
}
