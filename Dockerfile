# docker build -t kube-refactor .
# docker run --rm -v "$PWD:/src:ro" kube-refactor check
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE ./
COPY .ci/constraints.txt .ci/
COPY refactor refactor
RUN pip wheel --no-cache-dir --constraint .ci/constraints.txt --wheel-dir /wheels '.[campaign,dask,helm]'

FROM python:3.13-slim-bookworm
# git tells what a branch changed. Its version is the base image's own.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    # The repository that is mounted belongs to somebody else; of it, nothing is run.
    && git config --system --add safe.directory /src \
    && useradd --uid 10001 --user-group --create-home refactor
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --no-index /wheels/*.whl
USER 10001:10001
WORKDIR /src
ENTRYPOINT ["refactor"]
CMD ["--help"]
