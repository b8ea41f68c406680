/** The page of an argument: filters over argument and list, a sheet with the evidence of one claim. */

import { mount } from "../charts/mount.js";
import { bindCopy, bindTheme } from "./page.js";
import { bindFilters } from "./claims-filter.js";
import { bindChains } from "./claims-chain.js";
import { bindSheet } from "./claims-sheet.js";

bindTheme();
bindCopy();
bindFilters();
bindChains();
bindSheet();
mount();
