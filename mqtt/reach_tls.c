/* The steps of TLS, tried with the library that Paho uses, which keeps their outcome to itself. */
#include "reach.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct attempt {
    const struct broker *broker;
    const struct reach_place *place;
    char *why;
    size_t size;
};

/* The newest thing that the library said, and its words. */
static int newest_reason(char text[120])
{
    unsigned long error = ERR_peek_last_error();
    const char *words = ERR_reason_error_string(error);
    snprintf(text, 120, "%s", words == NULL ? "the broker ended the connection" : words);
    ERR_clear_error();
    return ERR_GET_REASON(error);
}

static bool load_files(const struct attempt *attempt, SSL_CTX *context)
{
    const struct broker *broker = attempt->broker;
    char text[120];
    bool trusted = broker->ca_file[0] != '\0'
                       ? SSL_CTX_load_verify_locations(context, broker->ca_file, NULL) == 1
                       : SSL_CTX_set_default_verify_paths(context) == 1;
    if (!trusted) {
        (void)newest_reason(text);
        snprintf(attempt->why, attempt->size, "\"ca_file\" %s holds no certificate (%s)",
                 broker->ca_file, text);
        return false;
    }
    if (broker->cert_file[0] == '\0') {
        return true;
    }
    bool ours = SSL_CTX_use_certificate_chain_file(context, broker->cert_file) == 1 &&
                SSL_CTX_use_PrivateKey_file(context, broker->key_file, SSL_FILETYPE_PEM) == 1;
    if (!ours) {
        (void)newest_reason(text);
        snprintf(attempt->why, attempt->size,
                 "\"cert_file\" %s and \"key_file\" %s are no certificate with its key (%s)",
                 broker->cert_file, broker->key_file, text);
    }
    return ours;
}

/* What is wrong with the broker's certificate. */
static void explain_certificate(const struct attempt *attempt, long verified)
{
    const char *words = X509_verify_cert_error_string(verified);
    const char *ca_file = attempt->broker->ca_file;
    if (verified == X509_V_ERR_HOSTNAME_MISMATCH || verified == X509_V_ERR_IP_ADDRESS_MISMATCH) {
        snprintf(attempt->why, attempt->size,
                 "TLS: the broker's certificate is not for the host \"%s\" of mqtt.url (%s): a "
                 "name that stands in it would be right",
                 attempt->place->host, words);
    } else if (verified == X509_V_ERR_CERT_HAS_EXPIRED ||
               verified == X509_V_ERR_CERT_NOT_YET_VALID) {
        snprintf(attempt->why, attempt->size,
                 "TLS: the broker's certificate is not valid now (%s): it must be renewed, or the "
                 "clock here is wrong",
                 words);
    } else {
        snprintf(attempt->why, attempt->size,
                 "TLS: the broker's certificate is not trusted (%s): \"ca_file\"%s%s must hold the "
                 "authority that signed it",
                 words, ca_file[0] == '\0' ? " is not set, it" : " ", ca_file);
    }
}

/* What the broker said in place of going on. */
static void explain_refusal(const struct attempt *attempt)
{
    static const int of_our_certificate[] = {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED,
                                             SSL_R_SSLV3_ALERT_BAD_CERTIFICATE,
                                             SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
                                             SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED,
                                             SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
                                             SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN,
                                             SSL_R_TLSV1_ALERT_UNKNOWN_CA,
                                             SSL_R_SSLV3_ALERT_NO_CERTIFICATE,
                                             SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE};
    const char *cert_file = attempt->broker->cert_file;
    char text[120];
    int reason = newest_reason(text);
    for (size_t i = 0; i < sizeof of_our_certificate / sizeof of_our_certificate[0]; i++) {
        if (of_our_certificate[i] == reason) {
            snprintf(attempt->why, attempt->size,
                     cert_file[0] == '\0'
                         ? "TLS: the broker asks for a client certificate (%s): \"cert_file\" and "
                           "\"key_file\" are missing%s"
                         : "TLS: the broker does not accept our client certificate (%s): "
                           "\"cert_file\" %s must be signed by an authority that it knows",
                     text, cert_file);
            return;
        }
    }
    snprintf(attempt->why, attempt->size,
             "TLS cannot be agreed with host %s port %s (%s): is this the broker's port for TLS?",
             attempt->place->host, attempt->place->port, text);
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return inet_pton(AF_INET, host, bytes) == 1 || inet_pton(AF_INET6, host, bytes) == 1;
}

static bool shake_hands(const struct attempt *attempt, SSL *tls)
{
    const char *host = attempt->place->host;
    unsigned char answer = 0;
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), host);
    } else {
        SSL_set1_host(tls, host);
        /* as SSL_set_tlsext_host_name, which casts the const away: OpenSSL copies the name */
        SSL_ctrl(tls, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 (void *)(uintptr_t)host);
    }
    if (SSL_connect(tls) != 1) {
        long verified = SSL_get_verify_result(tls);
        if (verified != X509_V_OK) {
            explain_certificate(attempt, verified);
        } else {
            explain_refusal(attempt);
        }
        return false;
    }
    /* From TLS 1.3 on a client certificate is refused behind the handshake; a broker that has no
     * such thing to say waits for us to speak. */
    if (SSL_read(tls, &answer, 1) <= 0 && ERR_peek_error() != 0) {
        explain_refusal(attempt);
        return false;
    }
    return true;
}

bool reach_speaks_tls(int fd)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = context == NULL ? NULL : SSL_new(context);
    bool speaks = false;
    if (tls != NULL && SSL_set_fd(tls, fd) == 1) {
        SSL_set_verify(tls, SSL_VERIFY_NONE, NULL);
        (void)SSL_connect(tls);
        speaks = SSL_get_current_cipher(tls) != NULL; /* one was agreed, whatever came of it */
    }
    SSL_free(tls);
    SSL_CTX_free(context);
    ERR_clear_error();
    return speaks;
}

bool reach_explain_tls(const struct broker *broker, const struct reach_place *place, int fd,
                       char *why, size_t size)
{
    const struct attempt attempt = {broker, place, why, size};
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());
    SSL *tls = NULL;
    bool good = true;
    ERR_clear_error();
    if (context != NULL) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
        good = load_files(&attempt, context);
    }
    if (context != NULL && good && (tls = SSL_new(context)) != NULL) {
        good = SSL_set_fd(tls, fd) != 1 || shake_hands(&attempt, tls);
    }
    SSL_free(tls);
    SSL_CTX_free(context);
    ERR_clear_error();
    return !good;
}
