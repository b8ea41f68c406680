/** A page whose figures are drawn already: theme and copying. */

import { bindCopy, bindTheme } from "./page.js";

bindTheme();
bindCopy();
