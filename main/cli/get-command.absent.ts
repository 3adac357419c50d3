/** The command line of a package that was built without downloads has no `coppice get`. */
export const getCommand = {};
