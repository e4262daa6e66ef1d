package org.askfirst.registry.journey;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.virtualauthenticator.VirtualAuthenticatorOptions;

/**
 * People's browser: Debian's Chromium. It is started once, which takes its time, and becomes the next person's, with a
 * language, a width and a colour scheme, and nothing kept of the last.
 */
final class Browser implements AutoCloseable {
    static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private static final String AXE = axe();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int NARROWEST = 320;
    private static final Path SHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final Function<String, URI> address;
    private final String agent;
    private String language = "";
    private Look look = new Look(0, false);

    /** How wide the window is and whether the person likes it dark. */
    record Look(int width, boolean dark) {}

    Browser(Gate gate) {
        this(gate::uri);
    }

    /** A browser that finds the path of a page at the address that the function gives. */
    Browser(Function<String, URI> address) {
        this.address = address;
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toString());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
                "--hide-scrollbars");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        options.setCapability("goog:loggingPrefs", logs);
        this.driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        // axe needs long for the page of all schemas while other journeys run.
        driver.manage().timeouts().scriptTimeout(Duration.ofMinutes(3));
        this.agent = String.valueOf(script("return navigator.userAgent"));
    }

    /** Gives the device an authenticator that keeps passkeys and always recognises its holder. */
    void getsAuthenticator() {
        driver.addVirtualAuthenticator(new VirtualAuthenticatorOptions()
                .setProtocol(VirtualAuthenticatorOptions.Protocol.CTAP2)
                .setTransport(VirtualAuthenticatorOptions.Transport.INTERNAL)
                .setHasResidentKey(true)
                .setHasUserVerification(true)
                .setIsUserVerified(true));
    }

    /** Becomes the browser of somebody else. */
    Browser of(String nextLanguage, int width, boolean dark) {
        driver.get("about:blank");
        driver.executeCdpCommand("Storage.clearDataForOrigin", Map.of("origin", origin(), "storageTypes", "all"));
        driver.executeCdpCommand(
                "Emulation.setUserAgentOverride", Map.of("userAgent", agent, "acceptLanguage", nextLanguage));
        complaints();
        language = nextLanguage;
        see(new Look(width, dark));
        return this;
    }

    private String origin() {
        String root = address.apply("/").toString();
        return root.substring(0, root.length() - 1);
    }

    private void see(Look next) {
        if (next.width() != look.width()) {
            resize(next.width());
        }
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", next.dark() ? "dark" : "light"))));
        look = next;
    }

    /** Makes the window that wide, whatever the person's own is. */
    void narrow(int pixels) {
        resize(pixels);
    }

    private void resize(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 800, "deviceScaleFactor", 1, "mobile", false));
    }

    private static String axe() {
        try (InputStream file = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(
                    Objects.requireNonNull(file, "axe-core is a dependency").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    void open(String path) {
        driver.get(address.apply(path).toString());
        // The scripts take over what the server has written.
        awaitGone("#served");
        awaitHeading();
    }

    /** Lets pages run scripts, or not. */
    void letScripts(boolean allowed) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    /** Opens the page and returns its text without running a script in it. */
    String textOf(String path) {
        driver.get(address.apply(path).toString());
        return driver.findElement(By.tagName("body")).getText();
    }

    String path() {
        return URI.create(String.valueOf(driver.getCurrentUrl())).getPath();
    }

    void awaitHeading() {
        await("h1");
    }

    /** The first that matches and is shown, once there is one. */
    WebElement await(String selector) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            for (WebElement one : driver.findElements(By.cssSelector(selector))) {
                try {
                    if (one.isDisplayed()) {
                        return one;
                    }
                } catch (StaleElementReferenceException gone) {
                    // Drawn anew meanwhile; looked for once more below.
                }
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("There is no " + selector + " on " + driver.getCurrentUrl() + ":\n" + text());
            }
            pause();
        }
    }

    void awaitText(String part) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!text().contains(part)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("“" + part + "” is not on " + driver.getCurrentUrl() + ":\n" + text());
            }
            pause();
        }
    }

    /** Waits until nothing matches any more. */
    void awaitGone(String selector) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (count(selector) > 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError("There still is " + selector + " on " + driver.getCurrentUrl());
            }
            pause();
        }
    }

    /** Presses it, and again whenever it can be pressed, until that text is there. */
    void pressUntil(String selector, String part) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!text().contains(part)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("“" + part + "” does not come on " + driver.getCurrentUrl() + ":\n" + text());
            }
            script("document.querySelector(arguments[0])?.click()", selector);
            for (int looks = 0; looks < 50 && !text().contains(part); looks++) {
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(40);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Waits that long, as a person does who looks something up. */
    void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    String text() {
        return String.valueOf(script("return document.body.innerText"));
    }

    int count(String selector) {
        return driver.findElements(By.cssSelector(selector)).size();
    }

    /** Presses it in the middle of the window, once it no longer moves there. */
    void click(String selector) {
        WebElement one = await(selector);
        script("""
                const one = arguments[0];
                one.scrollIntoView({block: 'center'});
                return new Promise(done => {
                  let before = '';
                  const look = () => {
                    const {x, y, width, height} = one.getBoundingClientRect();
                    const now = [x, y, width, height].join();
                    if (now === before) return done();
                    before = now;
                    setTimeout(look, 20);
                  };
                  look();
                });
                """, one);
        one.click();
    }

    void type(String selector, String text) {
        WebElement field = await(selector);
        field.clear();
        field.sendKeys(text);
    }

    /** Chooses that value in a list. */
    void pick(String selector, String value) {
        script(
                "const list = arguments[0]; list.value = arguments[1];"
                        + " list.dispatchEvent(new Event('change', {bubbles: true}));",
                await(selector),
                value);
    }

    /** Chooses a file as the dialog would. */
    void choose(String selector, Path file) {
        choose(selector, List.of(file));
    }

    /** Chooses several files at once, as in the window of the system. */
    void choose(String selector, List<Path> files) {
        script("arguments[0].hidden = false", driver.findElement(By.cssSelector(selector)));
        driver.findElement(By.cssSelector(selector))
                .sendKeys(files.stream()
                        .map(file -> file.toAbsolutePath().toString())
                        .collect(Collectors.joining("\n")));
    }

    @Nullable Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** Stores a value on this device, as another page would. */
    void keep(String name, String value) {
        script("localStorage.setItem(arguments[0], arguments[1])", name, value);
    }

    /** Nobody is shut out by this page, nothing sticks out of it, and nothing went wrong in it. */
    void inspect(String name) throws IOException {
        inspect(name, List.of(look));
    }

    /** The same, seen in those ways; it is loaded once. */
    void inspect(String name, List<Look> looks) throws IOException {
        Look own = look;
        for (Look one : looks) {
            see(one);
            inspectAsItIs(name);
        }
        // The narrowest telephone there is, or a page enlarged four times on a desk (WCAG 1.4.10).
        see(new Look(NARROWEST, own.dark()));
        requireInside(name);
        see(own);
    }

    /** The same page in another way, to be looked at; its content was inspected before. */
    void show(String name, Look other) throws IOException {
        Look own = look;
        see(other);
        shoot(name);
        requireInside(name);
        see(own);
    }

    private void inspectAsItIs(String name) throws IOException {
        if (!Boolean.TRUE.equals(script("return typeof axe === 'object'"))) {
            script(AXE);
        }
        Object violations = ((JavascriptExecutor) driver)
                .executeAsyncScript(
                        "const done = arguments[0];"
                                + "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                                + " 'best-practice'], resultTypes: ['violations']}).then(found => done(found.violations.map(rule => rule.id + ': '"
                                + " + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')).join('\\n')), done);");
        shoot(name);
        assertEquals("", violations, name + " " + called());
        Object unreachable = script("return [...document.querySelectorAll("
                + "'main a[href], main button, main input:not([hidden]), main select, main textarea, main summary')]"
                + ".filter(one => one.offsetParent && one.tabIndex < 0)"
                + ".map(one => one.outerHTML).join(' ')");
        assertEquals("", unreachable, name + ": something cannot be reached by Tab");
        requireInside(name);
    }

    private void requireInside(String name) {
        Object over = script("return document.documentElement.scrollWidth - window.innerWidth");
        assertEquals("0", String.valueOf(over), name + " " + called() + " sticks out");
    }

    private String called() {
        return language + "-" + look.width() + (look.dark() ? "-dark" : "");
    }

    /** Lets the page's saving of files be seen: {@link #saved} tells what was saved last. */
    void watchSaving() {
        script("const make = URL.createObjectURL;"
                + " URL.createObjectURL = content => { window.saved = content; return make(content); };");
    }

    String saved() {
        return String.valueOf(((JavascriptExecutor) driver)
                .executeAsyncScript("const done = arguments[0]; window.saved.text().then(done, done);"));
    }

    /** Returns the complaints of the browser since the last call, failed requests that are part of the test left out. */
    String complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(entry -> entry.getMessage())
                .filter(message -> !message.contains("Failed to load resource"))
                .collect(Collectors.joining("\n"));
    }

    private void shoot(String name) throws IOException {
        Object size = script(
                "return [document.documentElement.scrollWidth, Math.min(document.documentElement.scrollHeight, 8000)]");
        List<?> wide = (List<?>) Objects.requireNonNull(size);
        Map<String, Object> shot = driver.executeCdpCommand(
                "Page.captureScreenshot",
                Map.of(
                        "captureBeyondViewport",
                        true,
                        "clip",
                        Map.of("x", 0, "y", 0, "width", wide.get(0), "height", wide.get(1), "scale", 1)));
        Files.createDirectories(SHOTS);
        Files.write(
                SHOTS.resolve(name + "-" + called() + ".png"),
                Base64.getDecoder().decode(String.valueOf(shot.get("data")).getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
