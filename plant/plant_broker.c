/* How to reach the broker: the `mqtt` part. */
#include "journal.h"
#include "plant_part.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define KEEP_ALIVE_DEFAULT_S 30
#define RECEIVE_MAXIMUM_DEFAULT 1000
#define SESSION_EXPIRY_DEFAULT_S 604800 /* a week */
#define PAYLOAD_MAX_DEFAULT (1 << 20)
#define PAYLOAD_MAX_LEAST 1024
#define PEM_LINES_MAX 100000 /* in which a certificate must begin */

static const struct plant_key broker_key_list[] = {
    {"url", PLANT_TEXT, false},
    {"version", PLANT_NUMBER, false},
    {"client_id", PLANT_TEXT, false},
    {"user", PLANT_TEXT, false},
    {"password", PLANT_TEXT, false},
    {"password_file", PLANT_TEXT, false},
    {"ca_file", PLANT_TEXT, false},
    {"cert_file", PLANT_TEXT, false},
    {"key_file", PLANT_TEXT, false},
    {"root", PLANT_TEXT, false},
    {"keep_alive_s", PLANT_NUMBER, false},
    {"receive_maximum", PLANT_NUMBER, false},
    {"session_expiry_s", PLANT_NUMBER, false},
    {"payload_max", PLANT_NUMBER, false},
};
static const struct plant_keys broker_keys = {"\"mqtt\"", broker_key_list,
                                              sizeof broker_key_list / sizeof broker_key_list[0]};

/* "mqtt://host", "mqtts://host:8883", "mqtt://[::1]:1883". */
static bool url_good(const char *url)
{
    static const char *const schemes[] = {"mqtt://", "mqtts://"};
    const char *host = NULL;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strncmp(url, schemes[i], strlen(schemes[i])) == 0) {
            host = url + strlen(schemes[i]);
        }
    }
    if (host == NULL) {
        return false;
    }
    const char *letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_";
    size_t length = 0;
    if (host[0] == '[') {
        length = 1 + strspn(host + 1, "0123456789abcdefABCDEF:.");
        if (length == 1 || host[length] != ']') {
            return false;
        }
        length++;
    } else {
        length = strspn(host, letters);
    }
    const char *port = host + length;
    if (length == 0 || *port == '\0') {
        return length > 0;
    }
    size_t digits = strspn(port + 1, "0123456789");
    long number = 0;
    for (size_t i = 0; i < digits && digits <= 5; i++) {
        number = number * 10 + (port[1 + i] - '0');
    }
    return *port == ':' && digits >= 1 && digits <= 5 && port[1 + digits] == '\0' && number >= 1 &&
           number <= 65535;
}

/* The path of a file that the text names: relative ones start at the configuration's directory. */
static bool file_path(struct plant_reader *reader, const cJSON *object, const char *key,
                      char path[BROKER_TEXT_MAX + 1])
{
    char given[BROKER_TEXT_MAX + 1] = "";
    const cJSON *member = plant_member(object, key, PLANT_TEXT);
    if (!plant_text(reader, object, key, given, BROKER_TEXT_MAX) || given[0] == '\0') {
        return false;
    }
    int length = snprintf(path, BROKER_TEXT_MAX + 1, "%s%s",
                          given[0] == '/' ? "" : reader->directory, given);
    if (length > BROKER_TEXT_MAX) {
        path[0] = '\0';
        return plant_mistake(reader, member, NULL,
                             "the path has %d bytes with the configuration's directory; at most "
                             "%d are possible",
                             length, BROKER_TEXT_MAX);
    }
    if (reader->files && access(path, R_OK) != 0) {
        return plant_mistake(reader, member, NULL, "cannot read %s: %s", path, strerror(errno));
    }
    return true;
}

static void read_password(struct plant_reader *reader, const cJSON *object, struct broker *broker)
{
    char path[BROKER_TEXT_MAX + 1] = "";
    plant_text(reader, object, "password", broker->password, BROKER_TEXT_MAX);
    bool named = file_path(reader, object, "password_file", path);
    if (path[0] != '\0' && broker->password[0] != '\0') {
        plant_mistake(reader, object, "password_file",
                      "stands beside \"password\"; keep one of them, better the file");
        return;
    }
    if (!named || !reader->files) {
        return;
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        plant_mistake(reader, object, "password_file", "cannot read %s: %s", path, strerror(errno));
        return;
    }
    size_t length = fread(broker->password, 1, BROKER_TEXT_MAX, file);
    bool whole = fgetc(file) == EOF;
    fclose(file);
    broker->password[length] = '\0';
    broker->password[strcspn(broker->password, "\r\n")] = '\0';
    if (!whole || broker->password[0] == '\0') {
        plant_mistake(reader, object, "password_file",
                      "%s must hold the password in its first line, at most %d bytes", path,
                      BROKER_TEXT_MAX);
    }
}

/* A file of PEM texts holds at least one whose first line has `label` in it. */
static void check_pem(struct plant_reader *reader, const cJSON *object, const char *key,
                      const char *path, const char *label)
{
    char line[256];
    bool found = false;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return; /* said already */
    }
    for (int lines = 0; !found && lines < PEM_LINES_MAX && fgets(line, sizeof line, file) != NULL;
         lines++) {
        found = strncmp(line, "-----BEGIN ", 11) == 0 && strstr(line, label) != NULL;
    }
    fclose(file);
    if (!found) {
        plant_mistake(reader, object, key,
                      "%s holds no %s; a PEM file with a line like \"-----BEGIN %s-----\" would be "
                      "right",
                      path, strcmp(label, "CERTIFICATE") == 0 ? "certificate" : "private key",
                      label);
    }
}

static void read_files(struct plant_reader *reader, const cJSON *object, struct broker *broker)
{
    static const char *const keys[] = {"ca_file", "cert_file", "key_file"};
    char *const paths[] = {broker->ca_file, broker->cert_file, broker->key_file};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (file_path(reader, object, keys[i], paths[i]) && reader->files) {
            check_pem(reader, object, keys[i], paths[i], i < 2 ? "CERTIFICATE" : "PRIVATE KEY");
        }
        if (paths[i][0] != '\0' && strncmp(broker->url, "mqtts://", 8) != 0) {
            plant_mistake(reader, object, keys[i],
                          "is for encrypted connections; the url must start with mqtts://");
        }
    }
    if ((broker->cert_file[0] == '\0') != (broker->key_file[0] == '\0')) {
        plant_mistake(reader, object, broker->cert_file[0] == '\0' ? "cert_file" : "key_file",
                      "is missing; a client certificate needs \"cert_file\" and \"key_file\"");
    }
}

static void read_numbers(struct plant_reader *reader, const cJSON *object, struct broker *broker)
{
    int64_t version = 5, keep_alive = KEEP_ALIVE_DEFAULT_S, receive = RECEIVE_MAXIMUM_DEFAULT;
    int64_t expiry = SESSION_EXPIRY_DEFAULT_S, payload = PAYLOAD_MAX_DEFAULT;
    const cJSON *given = plant_member(object, "version", PLANT_DECIMAL);
    /* 3.1.1 is what people call it, 4 what the protocol calls it. */
    plant_decimal(reader, object, "version", 0, 3, 5, &version);
    if (version == 3) {
        plant_mistake(reader, given, NULL, "must be 5 (MQTT 5) or 4 (MQTT 3.1.1)");
    }
    plant_decimal(reader, object, "keep_alive_s", 0, 5, 3600, &keep_alive);
    plant_decimal(reader, object, "receive_maximum", 0, 1, UINT16_MAX, &receive);
    plant_decimal(reader, object, "session_expiry_s", 0, 60, UINT32_MAX, &expiry);
    plant_decimal(reader, object, "payload_max", 0, PAYLOAD_MAX_LEAST, JOURNAL_PAYLOAD_MAX,
                  &payload);
    broker->version = (uint8_t)version;
    broker->keep_alive_s = (uint16_t)keep_alive;
    broker->receive_maximum = (uint16_t)receive;
    broker->session_expiry_s = (uint32_t)expiry;
    broker->payload_max = (uint32_t)payload;
}

void plant_read_broker(struct plant_reader *reader, const cJSON *root)
{
    struct broker *broker = &reader->plant->broker;
    const cJSON *object = plant_member(root, "mqtt", PLANT_OBJECT);
    const char *shop = reader->plant->catalog.shop;
    snprintf(broker->url, sizeof broker->url, "mqtt://127.0.0.1:1883");
    snprintf(broker->client_id, sizeof broker->client_id, "heatledger-%s", shop);
    snprintf(broker->root, sizeof broker->root, "heatledger/%s", shop);
    read_numbers(reader, object, broker);
    if (object == NULL) {
        return;
    }
    plant_object(reader, object, &broker_keys);
    if (plant_text(reader, object, "url", broker->url, BROKER_TEXT_MAX) && !url_good(broker->url)) {
        plant_mistake(reader, object, "url",
                      "\"%.64s\" must be like \"mqtt://host:1883\", or \"mqtts://host:8883\" for "
                      "an encrypted connection",
                      broker->url);
    }
    if (plant_text(reader, object, "client_id", broker->client_id, BROKER_TEXT_MAX) &&
        broker->client_id[0] == '\0') {
        plant_mistake(reader, object, "client_id",
                      "is empty; the broker keeps our messages under this name, so it must be "
                      "given and stay the same");
    }
    plant_text(reader, object, "user", broker->user, BROKER_TEXT_MAX);
    if (plant_text(reader, object, "root", broker->root, BROKER_TEXT_MAX)) {
        size_t length = strlen(broker->root);
        if (length == 0 || strpbrk(broker->root, "+#") != NULL || broker->root[0] == '/' ||
            broker->root[length - 1] == '/' || broker->root[0] == '$') {
            plant_mistake(reader, object, "root",
                          "\"%.64s\" must be a topic like \"heatledger/BOF1\": not empty, no '+' "
                          "and '#', no '/' at its ends, no '$' at its start",
                          broker->root);
        }
    }
    read_password(reader, object, broker);
    if (broker->user[0] == '\0' && broker->password[0] != '\0') {
        plant_mistake(reader, object, "user", "is missing; a password needs a user");
    }
    read_files(reader, object, broker);
}
