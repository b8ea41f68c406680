/** A page of tables and small charts: theme, copying, charts. */

import { mount } from "../charts/mount.js";
import { bindCopy, bindTheme } from "./page.js";

bindTheme();
bindCopy();
mount();
