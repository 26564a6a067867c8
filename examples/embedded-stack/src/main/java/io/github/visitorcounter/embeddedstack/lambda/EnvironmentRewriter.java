package io.github.visitorcounter.embeddedstack.lambda;

import io.github.visitorcounter.embeddedstack.lambda.runtime.Environment;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

import java.nio.charset.StandardCharsets;

/** Leads a class's calls of, and method references to, {@code System.getenv} to the function's own {@link Environment}. */
final class EnvironmentRewriter {

    private static final String GETENV = "getenv";
    private static final String SYSTEM = "java/lang/System";
    private static final String ENVIRONMENT = Type.getInternalName(Environment.class);

    private EnvironmentRewriter() {}

    static byte[] rewrite(byte[] classFile) {
        if (!mentionsGetenv(classFile)) {
            return classFile;
        }
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0); // Stacks and frames stay as they are.
        reader.accept(new CallRedirector(writer), 0);
        return writer.toByteArray();
    }

    /** Few classes do, and looking at the bytes is much cheaper than reading the class. */
    private static boolean mentionsGetenv(byte[] classFile) {
        return new String(classFile, StandardCharsets.ISO_8859_1).contains(GETENV);
    }

    private static String owner(String owner, String name) {
        return owner.equals(SYSTEM) && name.equals(GETENV) ? ENVIRONMENT : owner;
    }

    private static final class CallRedirector extends ClassVisitor {

        CallRedirector(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitMethodInsn(
                        int opcode, String owner, String method, String methodDescriptor, boolean isInterface) {
                    super.visitMethodInsn(opcode, owner(owner, method), method, methodDescriptor, isInterface);
                }

                @Override
                public void visitInvokeDynamicInsn(
                        String method, String methodDescriptor, Handle bootstrap, Object... arguments) {
                    Object[] redirected = arguments.clone();
                    for (int i = 0; i < redirected.length; i++) {
                        if (redirected[i] instanceof Handle handle) {
                            redirected[i] = new Handle(
                                    handle.getTag(),
                                    owner(handle.getOwner(), handle.getName()),
                                    handle.getName(),
                                    handle.getDesc(),
                                    handle.isInterface());
                        }
                    }
                    super.visitInvokeDynamicInsn(method, methodDescriptor, bootstrap, redirected);
                }
            };
        }
    }
}
