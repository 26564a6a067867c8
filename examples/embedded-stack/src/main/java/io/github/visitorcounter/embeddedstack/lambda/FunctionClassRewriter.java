package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.runtime.Console;
import io.github.visitorcounter.embeddedstack.lambda.runtime.Environment;
import io.github.visitorcounter.embeddedstack.lambda.runtime.Network;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Replaces a class's uses of {@code System.getenv}, {@code System.out} and the JDK's network classes by the function's
 * own {@link Environment}, {@link Console} and {@link Network}. Calls and method references are replaced in place, so
 * that stack map frames remain valid.
 */
final class FunctionClassRewriter {

    private static final String ENVIRONMENT = Type.getInternalName(Environment.class);
    private static final String NETWORK = Type.getInternalName(Network.class);
    private static final String CONSOLE = Type.getInternalName(Console.class);
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
            "java/net/URL.openConnection", "Ljava/net/URL;",
            "java/net/URL.openStream", "Ljava/net/URL;",
            "java/net/Socket.connect", "Ljava/net/Socket;",
            "java/nio/channels/SocketChannel.connect", "Ljava/nio/channels/SocketChannel;",
            "java/net/http/HttpClient.send", "Ljava/net/http/HttpClient;",
            "java/net/http/HttpClient.sendAsync", "Ljava/net/http/HttpClient;");

    /**
     * Byte sequences of which a class that uses one of these contains at least one. Searching the bytes is cheaper than
     * parsing every class.
     */
    private static final List<String> MENTIONS = List.of(
            "getenv",
            "getProperty",
            "java/net/",
            "java/io/PrintStream",
            "printStackTrace",
            "java/nio/channels/SocketChannel");

    private FunctionClassRewriter() {}

    static byte[] rewrite(byte[] classFile) {
        String bytes = new String(classFile, StandardCharsets.ISO_8859_1);
        if (MENTIONS.stream().noneMatch(bytes::contains)) {
            return classFile;
        }
        ClassReader reader = new ClassReader(classFile);
        if (reader.getClassName().startsWith(packageOf(NETWORK))) {
            return classFile; // The replacements themselves.
        }
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(new Methods(writer), 0);
        return writer.toByteArray();
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
                callStatic(NETWORK, name, withReceiver(VIRTUAL.get(method), descriptor));
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
                return toStatic(NETWORK, handle.getName(), withReceiver(VIRTUAL.get(method), descriptor));
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
            return "(" + receiver + descriptor.substring(1);
        }
    }
}
