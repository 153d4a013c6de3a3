# The program and nothing else. The binary needs no base image because it is static: make it
# first with `make static` (or both at once with `make image`).
FROM scratch
COPY target/static/novadock /novadock
ENTRYPOINT ["/novadock"]
CMD ["serve", "--data-dir", "/var/lib/novadock"]
