#!/usr/bin/env bash
# Makes the throw-away keys and certificates of X509IdentityTest and TlsTrustTest with OpenSSL 3. They open nothing.
# The passphrase is "open sesame" everywhere. Run it in this folder to make all of them anew.
set -euo pipefail
pass=(-passout "pass:open sesame")
days=(-days 36500)

# one RSA key in all its dresses
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa-pkcs8.pem
openssl req -x509 -new -key rsa-pkcs8.pem -subj "/O=Hubwire/CN=rsa-device" "${days[@]}" -out rsa-cert.pem
openssl rsa -in rsa-pkcs8.pem -traditional -out rsa-pkcs1.pem
openssl pkcs8 -topk8 -in rsa-pkcs8.pem -v2 aes-256-cbc "${pass[@]}" -out rsa-pkcs8-aes256.pem
openssl pkcs8 -topk8 -in rsa-pkcs8.pem -v1 PBE-SHA1-3DES "${pass[@]}" -out rsa-pkcs8-3des.pem
openssl pkcs8 -topk8 -in rsa-pkcs8.pem -scrypt "${pass[@]}" -out rsa-pkcs8-scrypt.pem
for cipher in aes128 aes192 aes256 des3 camellia128; do
  openssl rsa -in rsa-pkcs8.pem -traditional -"$cipher" "${pass[@]}" -out "rsa-legacy-$cipher.pem"
done

# one EC key
openssl ecparam -name prime256v1 -genkey -out ec-sec1-with-parameters.pem
openssl ec -in ec-sec1-with-parameters.pem -out ec-sec1.pem
openssl ec -in ec-sec1.pem -aes256 "${pass[@]}" -out ec-legacy-aes256.pem
openssl pkcs8 -topk8 -nocrypt -in ec-sec1.pem -out ec-pkcs8.pem
openssl pkcs8 -topk8 -in ec-sec1.pem -v2 aes-128-cbc "${pass[@]}" -out ec-pkcs8-aes128.pem
openssl req -x509 -new -key ec-sec1.pem -subj "/CN=ec-device" "${days[@]}" -out ec-cert.pem

# one Ed25519 key
openssl genpkey -algorithm ED25519 -out ed25519-pkcs8.pem
openssl req -x509 -new -key ed25519-pkcs8.pem -subj "/CN=ed-device" "${days[@]}" -out ed25519-cert.pem

# root, intermediate, device; and a server for localhost
issue() { # name subject issuer extensions
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1-key.pem"
  openssl req -new -key "$1-key.pem" -subj "$2" -out "$1.csr"
  openssl x509 -req -in "$1.csr" -CA "$3.pem" -CAkey "$3-key.pem" -CAcreateserial "${days[@]}" \
    -extfile <(printf '%b' "$4") -out "$1.pem"
  rm "$1.csr"
}
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out root-key.pem
openssl req -x509 -new -key root-key.pem -subj "/CN=Hubwire test root" "${days[@]}" -out root.pem
issue intermediate "/CN=Hubwire test intermediate" root "basicConstraints=critical,CA:true\n"
issue device "/CN=ca-device" intermediate "extendedKeyUsage=clientAuth\n"
issue server "/CN=localhost" intermediate "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n"
{ echo "leaf first, then its issuer"; cat device.pem intermediate.pem; } | sed 's/$/\r/' > device-chain.pem
cat device-key.pem device-chain.pem > device-all.pem
cat intermediate.pem device.pem > chain-backwards.pem
cat device.pem root.pem > chain-with-gap.pem
cat server.pem intermediate.pem > server-chain.pem
rm -f root-key.pem intermediate-key.pem device.pem intermediate.pem server.pem *.srl
