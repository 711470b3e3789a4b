/** Text that `npm run build` puts into a program. */
declare module "*.txt" {
  const text: string;
  export default text;
}
