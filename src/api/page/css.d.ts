/** A style sheet that the bundle takes along. */
declare module "*.css";
