package org.askfirst.registry.passkey;

import com.yubico.webauthn.AssertionRequest;
import com.yubico.webauthn.AssertionResult;
import com.yubico.webauthn.CredentialRepository;
import com.yubico.webauthn.FinishAssertionOptions;
import com.yubico.webauthn.FinishRegistrationOptions;
import com.yubico.webauthn.RegisteredCredential;
import com.yubico.webauthn.RegistrationResult;
import com.yubico.webauthn.RelyingParty;
import com.yubico.webauthn.StartAssertionOptions;
import com.yubico.webauthn.StartRegistrationOptions;
import com.yubico.webauthn.data.AttestationConveyancePreference;
import com.yubico.webauthn.data.AuthenticatorAttestationResponse;
import com.yubico.webauthn.data.AuthenticatorSelectionCriteria;
import com.yubico.webauthn.data.ByteArray;
import com.yubico.webauthn.data.ClientRegistrationExtensionOutputs;
import com.yubico.webauthn.data.PublicKeyCredential;
import com.yubico.webauthn.data.PublicKeyCredentialCreationOptions;
import com.yubico.webauthn.data.PublicKeyCredentialDescriptor;
import com.yubico.webauthn.data.RelyingPartyIdentity;
import com.yubico.webauthn.data.ResidentKeyRequirement;
import com.yubico.webauthn.data.UserIdentity;
import com.yubico.webauthn.data.UserVerificationRequirement;
import com.yubico.webauthn.exception.AssertionFailedException;
import com.yubico.webauthn.exception.RegistrationFailedException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.askfirst.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * One registration or sign-in at one origin, for one user. It asks for passkeys that name their user, and that verify
 * the person, for example by a fingerprint. It asks for no attestation.
 *
 * @param user the handle of the user; empty before a sign-in
 * @param credentials the passkeys of the user, or the one with which it signs in
 */
record Ceremony(String origin, ByteArray user, String account, List<RegisteredCredential> credentials)
        implements CredentialRepository {
    /** The formats of browsers that were asked for no attestation. */
    private static final Set<String> UNATTESTED = Set.of("none", "packed");

    private RelyingParty relyingParty() {
        String host = URI.create(origin).getHost();
        if (host == null) {
            throw Problem.MALFORMED_REQUEST.because("The request names no host");
        }
        return RelyingParty.builder()
                .identity(RelyingPartyIdentity.builder()
                        .id(host)
                        .name("Ask First")
                        .build())
                .credentialRepository(this)
                .origins(Set.of(origin))
                .attestationConveyancePreference(AttestationConveyancePreference.NONE)
                .validateSignatureCounter(true)
                .build();
    }

    PublicKeyCredentialCreationOptions registration(String shownName, Duration time) {
        return relyingParty()
                .startRegistration(StartRegistrationOptions.builder()
                        .user(UserIdentity.builder()
                                .name(shownName)
                                .displayName(shownName)
                                .id(user)
                                .build())
                        .authenticatorSelection(AuthenticatorSelectionCriteria.builder()
                                .residentKey(ResidentKeyRequirement.REQUIRED)
                                .userVerification(UserVerificationRequirement.REQUIRED)
                                .build())
                        .timeout(time.toMillis())
                        .build());
    }

    RegistrationResult register(PublicKeyCredentialCreationOptions request, String answer)
            throws RegistrationFailedException, IOException {
        PublicKeyCredential<AuthenticatorAttestationResponse, ClientRegistrationExtensionOutputs> response =
                PublicKeyCredential.parseRegistrationResponseJson(answer);
        String format = response.getResponse().getAttestation().getFormat();
        if (!UNATTESTED.contains(format)) {
            throw new IllegalArgumentException("an attestation that nobody asked for: " + format);
        }
        return relyingParty()
                .finishRegistration(FinishRegistrationOptions.builder()
                        .request(request)
                        .response(response)
                        .build());
    }

    AssertionRequest signIn(Duration time) {
        return relyingParty()
                .startAssertion(StartAssertionOptions.builder()
                        .userVerification(UserVerificationRequirement.REQUIRED)
                        .timeout(time.toMillis())
                        .build());
    }

    AssertionResult signIn(AssertionRequest request, String answer) throws AssertionFailedException, IOException {
        return relyingParty()
                .finishAssertion(FinishAssertionOptions.builder()
                        .request(request)
                        .response(PublicKeyCredential.parseAssertionResponseJson(answer))
                        .build());
    }

    @Override
    public Set<PublicKeyCredentialDescriptor> getCredentialIdsForUsername(@Nullable String name) {
        return Passkeys.descriptors(credentials);
    }

    @Override
    public Optional<ByteArray> getUserHandleForUsername(String name) {
        return name.equals(account) ? Optional.of(user) : Optional.empty();
    }

    @Override
    public Optional<String> getUsernameForUserHandle(ByteArray handle) {
        return handle.equals(user) ? Optional.of(account) : Optional.empty();
    }

    @Override
    public Optional<RegisteredCredential> lookup(ByteArray id, ByteArray handle) {
        return credentials.stream()
                .filter(one ->
                        one.getCredentialId().equals(id) && one.getUserHandle().equals(handle))
                .findFirst();
    }

    @Override
    public Set<RegisteredCredential> lookupAll(ByteArray id) {
        return credentials.stream()
                .filter(one -> one.getCredentialId().equals(id))
                .collect(Collectors.toSet());
    }
}
