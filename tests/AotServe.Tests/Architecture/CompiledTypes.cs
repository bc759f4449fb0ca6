using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AotServe.Tests.Architecture;

/// <summary>
/// Reads from a compiled assembly which of its types uses which other: in base types, signatures, attributes, local
/// variables and the bodies of methods, there with the signature of what is called. Nested and compiler-generated types
/// count as the type that they are in. Constants are compiled away and leave no trace.
/// </summary>
/// <remarks>
/// ArchUnitNET (0.13.5) was tried first. It does not see the signature of what is called, so it misses that
/// <c>options.Symlinks = FollowSymlinks.Never</c> uses an enum of another namespace.
/// </remarks>
internal sealed class CompiledTypes : ISignatureTypeProvider<ImmutableArray<EntityHandle>, object?>
{
    private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => (int)(ushort)code.Value, code => code.OperandType);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly HashSet<TypeUse> _uses = [];
    private TypeDefinitionHandle _user;

    private CompiledTypes(PEReader file)
    {
        _file = file;
        _metadata = file.GetMetadataReader();
    }

    /// <summary>Every use of one type of the assembly by another, without those that belong to the compiler.</summary>
    public static IReadOnlyCollection<TypeUse> UsesIn(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var types = new CompiledTypes(file);
        foreach (TypeDefinitionHandle type in types._metadata.TypeDefinitions)
        {
            types.ReadType(type);
        }

        return [.. types._uses.Where(use => !use.User.StartsWith('<') && !use.Used.StartsWith('<'))];
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        _user = Outermost(handle);
        Use(type.BaseType);
        Read(type.GetCustomAttributes());
        Read(type.GetGenericParameters());
        foreach (InterfaceImplementationHandle implemented in type.GetInterfaceImplementations())
        {
            Use(_metadata.GetInterfaceImplementation(implemented).Interface);
        }

        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            Use(_metadata.GetFieldDefinition(field).DecodeSignature(this, null));
            Read(_metadata.GetFieldDefinition(field).GetCustomAttributes());
        }

        foreach (PropertyDefinitionHandle property in type.GetProperties())
        {
            Read(_metadata.GetPropertyDefinition(property).GetCustomAttributes());
        }

        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            ReadMethod(_metadata.GetMethodDefinition(method));
        }
    }

    private void ReadMethod(MethodDefinition method)
    {
        Use(method.DecodeSignature(this, null));
        Read(method.GetCustomAttributes());
        Read(method.GetGenericParameters());
        foreach (ParameterHandle parameter in method.GetParameters())
        {
            Read(_metadata.GetParameter(parameter).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return;
        }

        MethodBodyBlock body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            foreach (ImmutableArray<EntityHandle> local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null))
            {
                Use(local);
            }
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Use(region.CatchType);
        }

        ReadInstructions(body.GetILReader());
    }

    private void ReadInstructions(BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int instruction = code.ReadByte();
            if (instruction == 0xFE)
            {
                instruction = 0xFE00 | code.ReadByte();
            }

            OperandType operand = Operands[instruction];
            switch (operand)
            {
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType or OperandType.InlineSig:
                    Use(MetadataTokens.EntityHandle(code.ReadInt32()));
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += targets * sizeof(int);
                    break;
                default:
                    code.Offset += Size(operand);
                    break;
            }
        }
    }

    private static int Size(OperandType operand) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        _ => 4,
    };

    private void Read(CustomAttributeHandleCollection attributes)
    {
        foreach (CustomAttributeHandle attribute in attributes)
        {
            Use(_metadata.GetCustomAttribute(attribute).Constructor);
        }
    }

    private void Read(GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                Use(_metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void Use(MethodSignature<ImmutableArray<EntityHandle>> signature)
    {
        Use(signature.ReturnType);
        foreach (ImmutableArray<EntityHandle> parameter in signature.ParameterTypes)
        {
            Use(parameter);
        }
    }

    private void Use(ImmutableArray<EntityHandle> types)
    {
        foreach (EntityHandle type in types)
        {
            Use(type);
        }
    }

    private void Use(EntityHandle used)
    {
        if (used.IsNil)
        {
            return;
        }

        switch (used.Kind)
        {
            case HandleKind.TypeDefinition:
                TypeDefinitionHandle type = Outermost((TypeDefinitionHandle)used);
                if (type != _user)
                {
                    _uses.Add(new TypeUse(NamespaceOf(_user), NameOf(_user), NamespaceOf(type), NameOf(type)));
                }

                break;
            case HandleKind.TypeSpecification:
                Use(_metadata.GetTypeSpecification((TypeSpecificationHandle)used).DecodeSignature(this, null));
                break;
            case HandleKind.FieldDefinition:
                Use(_metadata.GetFieldDefinition((FieldDefinitionHandle)used).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                MethodDefinition method = _metadata.GetMethodDefinition((MethodDefinitionHandle)used);
                Use(method.GetDeclaringType());
                Use(method.DecodeSignature(this, null));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification specification = _metadata.GetMethodSpecification((MethodSpecificationHandle)used);
                Use(specification.Method);
                foreach (ImmutableArray<EntityHandle> argument in specification.DecodeSignature(this, null))
                {
                    Use(argument);
                }

                break;
            case HandleKind.MemberReference:
                MemberReference member = _metadata.GetMemberReference((MemberReferenceHandle)used);
                Use(member.Parent);
                if (member.GetKind() == MemberReferenceKind.Method)
                {
                    Use(member.DecodeMethodSignature(this, null));
                }
                else
                {
                    Use(member.DecodeFieldSignature(this, null));
                }

                break;
            case HandleKind.StandaloneSignature:
                Use(_metadata.GetStandaloneSignature((StandaloneSignatureHandle)used).DecodeMethodSignature(this, null));
                break;
        }
    }

    private TypeDefinitionHandle Outermost(TypeDefinitionHandle type)
    {
        while (_metadata.GetTypeDefinition(type).GetDeclaringType() is { IsNil: false } outer)
        {
            type = outer;
        }

        return type;
    }

    private string NamespaceOf(TypeDefinitionHandle type) => _metadata.GetString(_metadata.GetTypeDefinition(type).Namespace);

    private string NameOf(TypeDefinitionHandle type) => _metadata.GetString(_metadata.GetTypeDefinition(type).Name);

    // A signature is decoded into the types of the assembly that it names.
    public ImmutableArray<EntityHandle> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => [handle];

    public ImmutableArray<EntityHandle> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

    public ImmutableArray<EntityHandle> GetTypeFromSpecification(MetadataReader reader, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, context);

    public ImmutableArray<EntityHandle> GetArrayType(ImmutableArray<EntityHandle> elementType, ArrayShape shape) => elementType;

    public ImmutableArray<EntityHandle> GetByReferenceType(ImmutableArray<EntityHandle> elementType) => elementType;

    public ImmutableArray<EntityHandle> GetFunctionPointerType(MethodSignature<ImmutableArray<EntityHandle>> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(type => type)];

    public ImmutableArray<EntityHandle> GetGenericInstantiation(
        ImmutableArray<EntityHandle> genericType, ImmutableArray<ImmutableArray<EntityHandle>> typeArguments) =>
        [.. genericType, .. typeArguments.SelectMany(type => type)];

    public ImmutableArray<EntityHandle> GetGenericMethodParameter(object? context, int index) => [];

    public ImmutableArray<EntityHandle> GetGenericTypeParameter(object? context, int index) => [];

    public ImmutableArray<EntityHandle> GetModifiedType(
        ImmutableArray<EntityHandle> modifier, ImmutableArray<EntityHandle> unmodifiedType, bool isRequired) => [.. modifier, .. unmodifiedType];

    public ImmutableArray<EntityHandle> GetPinnedType(ImmutableArray<EntityHandle> elementType) => elementType;

    public ImmutableArray<EntityHandle> GetPointerType(ImmutableArray<EntityHandle> elementType) => elementType;

    public ImmutableArray<EntityHandle> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public ImmutableArray<EntityHandle> GetSZArrayType(ImmutableArray<EntityHandle> elementType) => elementType;
}
