package org.askfirst.journey;

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

/** A person's browser: Debian's Chromium, in a language, a width and a colour scheme, with nothing kept in it. */
final class Browser implements AutoCloseable {
    static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    static final Path DRIVER = Path.of("/usr/bin/chromedriver");

    private static final String AXE = axe();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int NARROWEST = 320;
    private static final Path SHOTS = Path.of("target", "screenshots");

    private final ChromeDriver driver;
    private final Gate gate;
    private final String look;
    private final int width;

    Browser(Gate gate, String language, int width, boolean dark) {
        this.gate = gate;
        this.width = width;
        this.look = language + "-" + width + (dark ? "-dark" : "");
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
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.WARNING);
        options.setCapability("goog:loggingPrefs", logs);
        this.driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        resize(width);
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
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
        URI address = gate.uri(path);
        driver.get(address.toString());
        awaitHeading();
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

    private static void pause() {
        try {
            Thread.sleep(40);
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

    void click(String selector) {
        WebElement one = await(selector);
        script("arguments[0].scrollIntoView({block: 'center'})", one);
        one.click();
    }

    void type(String selector, String text) {
        WebElement field = await(selector);
        field.clear();
        field.sendKeys(text);
    }

    /** Chooses a file as the dialog would. */
    void choose(String selector, Path file) {
        script("arguments[0].hidden = false", driver.findElement(By.cssSelector(selector)));
        driver.findElement(By.cssSelector(selector))
                .sendKeys(file.toAbsolutePath().toString());
    }

    @Nullable Object script(String script, Object... arguments) {
        return ((JavascriptExecutor) driver).executeScript(script, arguments);
    }

    /** What this device keeps, put there as another page of it would. */
    void keep(String name, String value) {
        script("localStorage.setItem(arguments[0], arguments[1])", name, value);
    }

    /** Nobody is shut out by this page, nothing sticks out of it, and nothing went wrong in it. */
    void inspect(String name) throws IOException {
        if (!Boolean.TRUE.equals(script("return typeof axe === 'object'"))) {
            script(AXE);
        }
        // A third party's renderer: its own rules are its own, all of ours around it are checked.
        Object violations = ((JavascriptExecutor) driver)
                .executeAsyncScript(
                        "const done = arguments[0];"
                                + "axe.run({exclude: [['.swagger-ui']]}, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
                                + " 'best-practice']}).then(found => done(found.violations.map(rule => rule.id + ': '"
                                + " + rule.nodes.map(node => node.html + ' ' + node.failureSummary).join('; ')).join('\\n')), done);");
        shoot(name);
        assertEquals("", violations, name + " " + look);
        // The narrowest telephone there is, or a page enlarged four times on a desk (WCAG 1.4.10).
        for (int narrow : List.of(width, NARROWEST)) {
            resize(narrow);
            Object over = script("return document.documentElement.scrollWidth - window.innerWidth");
            assertEquals("0", String.valueOf(over), name + " " + look + " sticks out at " + narrow);
        }
        resize(width);
    }

    /** What the browser complained of since it was last asked, failed requests that are part of the test left out. */
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
                SHOTS.resolve(name + "-" + look + ".png"),
                Base64.getDecoder().decode(String.valueOf(shot.get("data")).getBytes(StandardCharsets.US_ASCII)));
    }

    @Override
    public void close() {
        driver.quit();
    }
}
