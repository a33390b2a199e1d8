// Node 20 lacks what some dependencies of 2023 have got since: see ECMAScript 2024, `Promise.withResolvers`.
Promise.withResolvers ??= function () {
  let resolve, reject;
  const promise = new this((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
};
