declare module "tsx";
