package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.runtime.Console;
import io.github.visitorcounter.embeddedstack.lambda.runtime.Environment;
import io.github.visitorcounter.embeddedstack.lambda.runtime.Network;
import io.github.visitorcounter.embeddedstack.lambda.runtime.ShutdownHooks;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Replaces a class's uses of {@code System.getenv}, {@code System.out}, shutdown hooks and the JDK's network classes by
 * the function's own {@link Environment}, {@link Console}, {@link ShutdownHooks} and {@link Network}. Calls and method
 * references are replaced in place, so that stack map frames remain valid.
 */
final class FunctionClassRewriter {

    private static final String ENVIRONMENT = Type.getInternalName(Environment.class);
    private static final String NETWORK = Type.getInternalName(Network.class);
    private static final String CONSOLE = Type.getInternalName(Console.class);
    private static final String SHUTDOWN_HOOKS = Type.getInternalName(ShutdownHooks.class);
    private static final String SYSTEM = "java/lang/System";
    private static final String CONSTRUCTOR = "<init>";
    private static final String TEXT_TO_TEXT = "(Ljava/lang/String;)Ljava/lang/String;";
    private static final String URI_TO_URI = "(Ljava/net/URI;)Ljava/net/URI;";

    /** Static methods; each has a replacement with the same name and parameters. */
    private static final Map<String, String> STATIC = Map.of(
            "java/lang/System.getenv", ENVIRONMENT,
            "java/lang/System.getProperty", ENVIRONMENT,
            "java/net/URI.create", NETWORK,
            "java/net/InetAddress.getByName", NETWORK,
            "java/net/InetAddress.getAllByName", NETWORK);

    /** Methods of objects; each has a static replacement with the object as its first parameter. */
    private static final Map<String, String> VIRTUAL = Map.of(
            "java/net/URL.openConnection", NETWORK,
            "java/net/URL.openStream", NETWORK,
            "java/net/Socket.connect", NETWORK,
            "java/nio/channels/SocketChannel.connect", NETWORK,
            "java/net/http/HttpClient.send", NETWORK,
            "java/net/http/HttpClient.sendAsync", NETWORK,
            "java/lang/Runtime.addShutdownHook", SHUTDOWN_HOOKS,
            "java/lang/Runtime.removeShutdownHook", SHUTDOWN_HOOKS);

    /**
     * A class that uses one of these has at least one of these strings in its constant pool, or one that begins with
     * {@link #NETWORK_PACKAGE}. Most classes have none and need not be parsed.
     */
    private static final List<byte[]> MENTIONS = Stream.of(
                    "getenv",
                    "getProperty",
                    "Ljava/io/PrintStream;",
                    "printStackTrace",
                    "addShutdownHook",
                    "removeShutdownHook",
                    "withUri",
                    "java/nio/channels/SocketChannel")
            .map(FunctionClassRewriter::bytes)
            .toList();

    private static final byte[] NETWORK_PACKAGE = bytes("java/net/");
    private static final int UTF8_CONSTANT = 1;

    private FunctionClassRewriter() {}

    static byte[] rewrite(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        if (!mentionsAny(reader, classFile)) {
            return classFile;
        }
        if (reader.getClassName().startsWith(packageOf(NETWORK))) {
            return classFile; // The replacements themselves.
        }
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Methods(writer), 0);
        return writer.toByteArray();
    }

    private static boolean mentionsAny(ClassReader reader, byte[] classFile) {
        for (int i = 1; i < reader.getItemCount(); i++) {
            int constant = reader.getItem(i);
            if (constant > 0 && classFile[constant - 1] == UTF8_CONSTANT) {
                int start = constant + Short.BYTES;
                int end = start + reader.readUnsignedShort(constant);
                if (startsWith(classFile, start, end, NETWORK_PACKAGE)) {
                    return true;
                }
                for (byte[] text : MENTIONS) {
                    if (end - start == text.length && startsWith(classFile, start, end, text)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] classFile, int start, int end, byte[] text) {
        return end - start >= text.length && Arrays.equals(classFile, start, start + text.length, text, 0, text.length);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String packageOf(String internalName) {
        return internalName.substring(0, internalName.lastIndexOf('/') + 1);
    }

    private static final class Methods extends ClassVisitor {

        Methods(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
        }
    }

    private static final class Calls extends MethodVisitor {

        Calls(MethodVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
            boolean console =
                    opcode == Opcodes.GETSTATIC && owner.equals(SYSTEM) && (name.equals("out") || name.equals("err"));
            super.visitFieldInsn(opcode, console ? CONSOLE : owner, name, descriptor);
        }

        @Override
        public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
            String method = owner + "." + name;
            if (opcode == Opcodes.INVOKESTATIC && STATIC.containsKey(method)) {
                super.visitMethodInsn(opcode, STATIC.get(method), name, descriptor, false);
            } else if (opcode == Opcodes.INVOKEVIRTUAL && VIRTUAL.containsKey(method)) {
                callStatic(VIRTUAL.get(method), name, withReceiver(owner, descriptor));
            } else if (opcode == Opcodes.INVOKEVIRTUAL && isPrintStackTrace(owner, name, descriptor)) {
                callStatic(CONSOLE, name, "(Ljava/lang/Throwable;)V");
            } else {
                prepareArguments(method, descriptor);
                super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
            }
        }

        /** Replaces the host argument; the others are unchanged. */
        private void prepareArguments(String method, String descriptor) {
            switch (method + descriptor) {
                case "java/net/URI." + CONSTRUCTOR + "(Ljava/lang/String;)V",
                        "java/net/URL." + CONSTRUCTOR + "(Ljava/lang/String;)V" ->
                    callStatic(NETWORK, "redirect", TEXT_TO_TEXT);
                case "java/net/InetSocketAddress." + CONSTRUCTOR + "(Ljava/lang/String;I)V",
                        "java/net/Socket." + CONSTRUCTOR + "(Ljava/lang/String;I)V" -> {
                    super.visitInsn(Opcodes.SWAP);
                    callStatic(NETWORK, "checkedHost", TEXT_TO_TEXT);
                    super.visitInsn(Opcodes.SWAP);
                }
                default -> {
                    // The AWS Common Runtime resolves names in native code.
                    if (method.equals("software/amazon/awssdk/crt/http/HttpClientConnectionManagerOptions.withUri")) {
                        callStatic(NETWORK, "checked", URI_TO_URI);
                    }
                }
            }
        }

        private void callStatic(String owner, String name, String descriptor) {
            super.visitMethodInsn(Opcodes.INVOKESTATIC, owner, name, descriptor, false);
        }

        @Override
        public void visitInvokeDynamicInsn(
                String name, String descriptor, Handle bootstrap, Object... bootstrapArguments) {
            Object[] redirected = bootstrapArguments.clone();
            for (int i = 0; i < redirected.length; i++) {
                if (redirected[i] instanceof Handle handle) {
                    redirected[i] = redirect(handle);
                }
            }
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, redirected);
        }

        private static Handle redirect(Handle handle) {
            String method = handle.getOwner() + "." + handle.getName();
            String descriptor = handle.getDesc();
            if (handle.getTag() == Opcodes.H_INVOKESTATIC && STATIC.containsKey(method)) {
                return toStatic(STATIC.get(method), handle.getName(), descriptor);
            }
            if (handle.getTag() == Opcodes.H_INVOKEVIRTUAL && VIRTUAL.containsKey(method)) {
                return toStatic(VIRTUAL.get(method), handle.getName(), withReceiver(handle.getOwner(), descriptor));
            }
            if (handle.getTag() == Opcodes.H_INVOKEVIRTUAL
                    && isPrintStackTrace(handle.getOwner(), handle.getName(), descriptor)) {
                return toStatic(CONSOLE, handle.getName(), "(Ljava/lang/Throwable;)V");
            }
            if (handle.getTag() == Opcodes.H_NEWINVOKESPECIAL
                    && method.equals("java/net/URI." + CONSTRUCTOR)
                    && descriptor.equals("(Ljava/lang/String;)V")) {
                return toStatic(NETWORK, "newUri", "(Ljava/lang/String;)Ljava/net/URI;");
            }
            return handle;
        }

        private static Handle toStatic(String owner, String name, String descriptor) {
            return new Handle(Opcodes.H_INVOKESTATIC, owner, name, descriptor, false);
        }

        /** Only the JDK's exceptions: the function's own classes may have an unrelated method of this name. */
        private static boolean isPrintStackTrace(String owner, String name, String descriptor) {
            return name.equals("printStackTrace") && descriptor.equals("()V") && owner.startsWith("java/");
        }

        private static String withReceiver(String receiver, String descriptor) {
            return "(L" + receiver + ";" + descriptor.substring(1);
        }
    }
}
