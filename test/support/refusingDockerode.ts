/** Stands in for dockerode where no Docker Engine may be asked anything. */
export default class RefusingDockerode {
    constructor() {
        return new Proxy(this, {
            get: (_, property) => {
                throw new Error(`the Docker Engine was asked: ${String(property)}`);
            },
        });
    }
}
