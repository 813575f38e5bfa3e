import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

// Runs one class of tests and reports it: its methods `testXxx()`, each on an object of its own, or `main` as one test.
// The arguments: nonce, label, style and class; or nonce, label and a file that says why nothing could be compiled.
class Harness {
    private static final int MESSAGE_LIMIT = 4000;
    private static OutputStream channel;
    private static String nonce;
    private static String label;

    public static void main(String[] arguments) throws Exception {
        var descriptor = new FileDescriptor();
        var number = FileDescriptor.class.getDeclaredField("fd");
        number.setAccessible(true);
        number.setInt(descriptor, 3);
        channel = new FileOutputStream(descriptor);
        nonce = arguments[0];
        label = arguments[1];
        boolean passed;
        if (arguments.length == 3) passed = tell(label, "failed", Files.readString(Path.of(arguments[2])), 0);
        else passed = run(arguments[3]);
        send("{\"finished\":" + quote(label) + "}");
        System.out.flush();
        // Threads of the candidate's that still run hold nothing up.
        Runtime.getRuntime().halt(passed ? 0 : 1);
    }

    private static boolean run(String name) throws Exception {
        Class<?> tests;
        try {
            tests = Class.forName(name);
        } catch (Throwable error) {
            return tell(label, "failed", describe(error), 0);
        }
        Method script = mainOf(tests);
        if (script != null) return one(label, () -> script.invoke(null, (Object) new String[0]));
        List<Method> methods = new ArrayList<>();
        for (Method method : tests.getDeclaredMethods()) {
            if (method.getName().startsWith("test") && method.getParameterCount() == 0) methods.add(method);
        }
        // The order of a class file is not that of its source.
        methods.sort((one, other) -> one.getName().compareTo(other.getName()));
        if (methods.isEmpty()) return tell(label, "failed", "No tests found: write methods testXxx(), or a main.", 0);
        boolean passed = true;
        for (Method method : methods) {
            method.setAccessible(true);
            passed &= one(method.getName(), () -> {
                Object owner = null;
                if (!Modifier.isStatic(method.getModifiers())) {
                    var constructor = tests.getDeclaredConstructor();
                    constructor.setAccessible(true);
                    owner = constructor.newInstance();
                }
                return method.invoke(owner);
            });
        }
        return passed;
    }

    private interface Body {
        Object run() throws Exception;
    }

    private static boolean one(String name, Body body) throws IOException {
        long started = System.nanoTime();
        String message = null;
        try {
            body.run();
        } catch (InvocationTargetException error) {
            message = describe(error.getCause());
        } catch (Throwable error) {
            message = describe(error);
        }
        return tell(name, message == null ? "passed" : "failed", message, (System.nanoTime() - started) / 1e6);
    }

    private static Method mainOf(Class<?> tests) {
        try {
            Method method = tests.getDeclaredMethod("main", String[].class);
            method.setAccessible(true);
            return Modifier.isStatic(method.getModifiers()) ? method : null;
        } catch (NoSuchMethodException none) {
            return null;
        }
    }

    /** An error and its frames in the files of the run. */
    private static String describe(Throwable error) {
        try {
            StringBuilder text = new StringBuilder(error.toString());
            for (StackTraceElement frame : error.getStackTrace()) {
                String place = frame.getClassName();
                if (place.startsWith("java.") || place.startsWith("jdk.") || place.startsWith("Harness")) continue;
                text.append("\n    at ").append(frame);
            }
            return text.toString();
        } catch (Throwable other) {
            return "An error that could not be described.";
        }
    }

    private static boolean tell(String name, String status, String message, double milliseconds) throws IOException {
        String text = message != null && message.length() > MESSAGE_LIMIT ? message.substring(0, MESSAGE_LIMIT) + "\n[...]" : message;
        send("{\"test\":{\"file\":" + quote(label) + ",\"name\":" + quote(name) + ",\"status\":\"" + status + "\""
            + (text == null ? "" : ",\"message\":" + quote(text)) + ",\"durationMs\":" + milliseconds + "}}");
        return !status.equals("failed");
    }

    private static void send(String report) throws IOException {
        var line = new ByteArrayOutputStream();
        line.write((nonce + " " + report + "\n").getBytes(StandardCharsets.UTF_8));
        channel.write(line.toByteArray());
    }

    private static String quote(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char character : text.toCharArray()) {
            if (character == '"' || character == '\\') quoted.append('\\').append(character);
            else if (character < ' ') quoted.append(String.format("\\u%04x", (int) character));
            else quoted.append(character);
        }
        return quoted.append('"').toString();
    }
}
