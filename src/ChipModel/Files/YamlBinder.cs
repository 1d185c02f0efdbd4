using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace TaalasSim.ChipModel.Files;

/// <summary>Binds YAML to records by the strict rules of <see cref="YamlReader"/>.</summary>
internal static class YamlBinder
{
    [ThreadStatic]
    private static IDeserializer? _instance;

    /// <summary>One for each thread: it inspects every record type once, which takes longer than binding it.</summary>
    public static IDeserializer Instance =>
        _instance ??= new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNames.Instance)
            .WithEnumNamingConvention(UnderscoredNames.Instance)
            .WithNodeDeserializer(new ReadOnlyLists(), where => where.OnTop())
            .WithNodeDeserializer(new StrictNumbers(), where => where.OnTop())
            .WithNodeDeserializer(new NodeKinds(), where => where.OnTop())
            .WithEnforceRequiredMembers()
            .WithEnforceNullability()
            .WithDuplicateKeyChecking()
            .Build();

    /// <summary>Binds read-only lists of anything, which the library leaves alone.</summary>
    private sealed class ReadOnlyLists : INodeDeserializer
    {
        public bool Deserialize(
            IParser reader,
            Type expectedType,
            Func<IParser, Type, object?> nestedObjectDeserializer,
            out object? value,
            ObjectDeserializer rootDeserializer
        )
        {
            value = null;
            if (!expectedType.IsGenericType || expectedType.GetGenericTypeDefinition() != typeof(IReadOnlyList<>))
                return false;
            value = nestedObjectDeserializer(reader, typeof(List<>).MakeGenericType(expectedType.GetGenericArguments()));
            return true;
        }
    }
}
