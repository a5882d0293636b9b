package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Authorities as documents under their names. */
final class StoredAuthorities implements CertificateAuthorities {
    private static final String KIND = "certificateAuthority";

    private final Store store;

    StoredAuthorities(Store store) {
        this.store = store;
    }

    @Override
    public void put(String name, X509Certificate certificate) {
        if (name.isBlank()) {
            throw new InvalidInputException("the name of a certificate authority is empty");
        }
        if (!Certificates.isAuthority(certificate)) {
            throw new InvalidInputException("certificate [" + certificate.getSubjectX500Principal()
                    + "] is no authority's: its basic constraints do not say CA");
        }
        String body = Json.write(document(name, certificate));
        store.inTransaction(documents -> {
            Optional<Document> before = documents.get(KIND, name);
            if (before.isPresent()) {
                documents.update(KIND, name, before.get().version(), body);
            } else {
                documents.insert(KIND, name, body);
            }
            return true;
        });
    }

    @Override
    public boolean remove(String name) {
        return store.inTransaction(documents -> {
            Optional<Document> found = documents.get(KIND, name);
            found.ifPresent(document -> documents.delete(KIND, name, document.version()));
            return found.isPresent();
        });
    }

    @Override
    public Optional<X509Certificate> find(String name) {
        return store.get(KIND, name).map(StoredAuthorities::certificate);
    }

    @Override
    public Map<String, X509Certificate> all() {
        Map<String, X509Certificate> all = new LinkedHashMap<>();
        store.scan(KIND, "", null, Integer.MAX_VALUE)
                .forEach(document -> all.put(document.id(), certificate(document)));
        return all;
    }

    private static ObjectNode document(String name, X509Certificate certificate) {
        try {
            return Json.object().put("certificate", Certificates.base64Der(certificate));
        } catch (CertificateException e) {
            throw new InvalidInputException("the certificate of authority [" + name + "] cannot be encoded", e);
        }
    }

    private static X509Certificate certificate(Document document) {
        try {
            return Certificates.read(Json.parseObject("a stored authority", document.body())
                    .path("certificate")
                    .asText());
        } catch (CertificateException e) {
            throw new IllegalStateException("a stored certificate is damaged", e);
        }
    }
}
