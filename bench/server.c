// Stands in for S3's GetObject and AppSync's POST /graphql: TLS on loopback, a thread per connection, ready-made replies.
// It answers in a few microseconds, so that what is measured is the client. Prints its port.
// usage: server FOLDER CERTIFICATE KEY DELAY_MS
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#define LARGEST_REQUEST (256 << 10)

typedef struct {
  char *bytes;
  size_t length;
} Reply;

static SSL_CTX *tls;
static useconds_t delay;
static Reply schema_small, schema_large, parameters, created, listed_10, listed_100, listed_1000, nothing;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static Reply load(const char *folder, const char *name, const char *headers) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file)
    fail(path);
  fseek(file, 0, SEEK_END);
  size_t size = ftell(file);
  rewind(file);
  char *bytes = malloc(size + 1024);
  size_t head = sprintf(bytes, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nDate: Sat, 22 Nov 2025 08:42:00 GMT\r\n%s\r\n",
                        size, headers);
  if (fread(bytes + head, 1, size, file) != size)
    fail(path);
  fclose(file);
  return (Reply){bytes, head + size};
}

static const Reply *answer(const char *head, size_t head_length, const char *body, size_t body_length) {
  if (memmem(head, head_length, "AmazonSSM.GetParameters", 23))
    return &parameters;
  if (memmem(head, head_length, "/small", 6))
    return &schema_small;
  if (memmem(head, head_length, "/large", 6))
    return &schema_large;
  if (memmem(body, body_length, "createTodo", 10))
    return &created;
  if (memmem(body, body_length, "\"limit\":1000", 12))
    return &listed_1000;
  if (memmem(body, body_length, "\"limit\":100", 11))
    return &listed_100;
  if (memmem(body, body_length, "listTodos", 9))
    return &listed_10;
  return &nothing;
}

static int send_all(SSL *connection, const Reply *reply) {
  return SSL_write(connection, reply->bytes, (int)reply->length) == (int)reply->length;
}

static void *serve(void *descriptor) {
  int socket = (int)(long)descriptor;
  SSL *connection = SSL_new(tls);
  char *buffer = malloc(LARGEST_REQUEST + 1);
  size_t filled = 0;
  SSL_set_fd(connection, socket);
  if (SSL_accept(connection) <= 0)
    goto end;
  for (;;) {
    char *blank, *length;
    size_t head, body;
    buffer[filled] = 0;
    while (!(blank = strstr(buffer, "\r\n\r\n")) ||
           (head = blank + 4 - buffer, *blank = 0, length = strcasestr(buffer, "\r\ncontent-length:"), *blank = '\r',
            body = length ? strtoul(length + 17, NULL, 10) : 0, filled < head + body)) {
      int got = SSL_read(connection, buffer + filled, (int)(LARGEST_REQUEST - filled));
      if (got <= 0)
        goto end;
      filled += got;
      buffer[filled] = 0;
    }
    if (delay)
      usleep(delay);
    if (!send_all(connection, answer(buffer, head, buffer + head, body)))
      goto end;
    filled -= head + body;
    memmove(buffer, buffer + head + body, filled);
  }
end:
  SSL_free(connection);
  close(socket);
  free(buffer);
  return NULL;
}

int main(int count, char **arguments) {
  if (count != 5)
    return fprintf(stderr, "usage: server FOLDER CERTIFICATE KEY DELAY_MS\n"), 2;
  const char *folder = arguments[1];
  const char *s3 = "Content-Type: application/json\r\nx-amz-request-id: 4442587FB7D0A2F9\r\nServer: AmazonS3\r\n"
                   "ETag: \"828ef3fdfa96f00ad9f27c383fc9ac7f\"\r\nAccept-Ranges: bytes\r\n";
  const char *appsync = "Content-Type: application/json;charset=UTF-8\r\nx-amzn-appsync-TokensConsumed: 1\r\n"
                        "x-amzn-RequestId: 9d2b1b5e-8e0b-4a4e-8f3a-000000000000\r\nConnection: keep-alive\r\n";
  schema_small = load(folder, "small.json", s3);
  schema_large = load(folder, "large.json", s3);
  parameters = load(folder, "parameters.json", "Content-Type: application/x-amz-json-1.1\r\nServer: Server\r\n");
  created = load(folder, "created.json", appsync);
  listed_10 = load(folder, "listed-10.json", appsync);
  listed_100 = load(folder, "listed-100.json", appsync);
  listed_1000 = load(folder, "listed-1000.json", appsync);
  nothing = (Reply){"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 45};
  delay = 1000 * atoi(arguments[4]);
  signal(SIGPIPE, SIG_IGN);
  prctl(PR_SET_PDEATHSIG, SIGTERM); // a benchmark that is killed leaves no server behind
  tls = SSL_CTX_new(TLS_server_method());
  if (SSL_CTX_use_certificate_chain_file(tls, arguments[2]) <= 0 ||
      SSL_CTX_use_PrivateKey_file(tls, arguments[3], SSL_FILETYPE_PEM) <= 0)
    fail("the certificate");

  int listening = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listening, (void *)&address, size) || listen(listening, 512))
    fail("bind");
  getsockname(listening, (void *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&small, 256 << 10);
  for (;;) {
    long accepted = accept(listening, NULL, NULL);
    pthread_t thread;
    if (accepted < 0)
      continue;
    setsockopt((int)accepted, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (pthread_create(&thread, &small, serve, (void *)accepted))
      close((int)accepted);
  }
}
