import { render } from "preact";
import { App } from "./app.tsx";
import { adoptKey } from "./server/key.ts";
import "./style/main.css";

adoptKey();
render(<App />, document.body);
