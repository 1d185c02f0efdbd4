using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.EventEmitters;
using YamlDotNet.Serialization.TypeInspectors;

namespace TaalasSim.ChipModel.Files;

/// <summary>Records as YAML that people read: underscored names, lists of records one per line, the same bytes in any culture.</summary>
public static partial class YamlText
{
    /// <summary>Serialises a record; <see cref="YamlReader"/> reads it back.</summary>
    public static string Write<T>(T value)
    {
        var serializer = new SerializerBuilder()
            .WithNamingConvention(UnderscoredNames.Instance)
            .WithEnumNamingConvention(UnderscoredNames.Instance)
            .WithTypeInspector(inner => new WritableProperties(inner))
            .WithEventEmitter(next => new ListsOfRecordsOnePerLine(next))
            .WithEventEmitter(next => new TextInQuotes(next))
            .WithNewLine("\n")
            .WithMaximumRecursion(50)
            .DisableAliases()
            .Build();
        return serializer.Serialize(value!, typeof(T));
    }

    /// <summary>Properties that are computed from others are not written: reading would refuse them.</summary>
    private sealed class WritableProperties(ITypeInspector inner) : TypeInspectorSkeleton
    {
        public override IEnumerable<IPropertyDescriptor> GetProperties(Type type, object? container) =>
            inner.GetProperties(type, container).Where(p => p.CanWrite);

        public override string GetEnumName(Type enumType, string name) => inner.GetEnumName(enumType, name);

        public override string GetEnumValue(object enumValue) => inner.GetEnumValue(enumValue);

        public override bool HasParseMethod(Type type) => inner.HasParseMethod(type);

        public override object? Parse(string value, Type expectedType) => inner.Parse(value, expectedType);
    }

    /// <summary>Text that a reader could take for nothing, a truth value or a number is in quotes.</summary>
    private sealed partial class TextInQuotes(IEventEmitter next) : ChainedEventEmitter(next)
    {
        public override void Emit(ScalarEventInfo eventInfo, IEmitter emitter)
        {
            if (eventInfo.Source.Value is string text && (Ambiguous().IsMatch(text) || text.AsSpan().IndexOfAny(Breaks) >= 0))
                eventInfo.Style = ScalarStyle.DoubleQuoted;
            base.Emit(eventInfo, emitter);
        }

        // What some reader takes for the end of a line.
        private const string Breaks = "\n\r\v\f\u0085\u2028\u2029";

        // What YAML 1.1 or 1.2 resolves to something else than text: null, truth values, numbers (also in base 60), dates, merge keys.
        [GeneratedRegex(
            @"^(~|null|true|false|yes|no|on|off|y|n|<<|=|[-+]?(\.[0-9_]+|[0-9][0-9_,]*(\.[0-9_]*)?)(e[-+]?[0-9]+)?|"
                + @"[-+]?0[xob][0-9a-f_]+|[-+]?\.inf|\.nan|"
                + @"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*)$",
            RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
            matchTimeoutMilliseconds: 1000
        )]
        private static partial Regex Ambiguous();
    }

    /// <summary>Items of a list, and constants with their interval, take one line each.</summary>
    private sealed class ListsOfRecordsOnePerLine(IEventEmitter next) : ChainedEventEmitter(next)
    {
        private int _lists;

        public override void Emit(SequenceStartEventInfo eventInfo, IEmitter emitter)
        {
            var element = eventInfo.Source.Type.IsGenericType
                ? eventInfo.Source.Type.GetGenericArguments()[^1]
                : eventInfo.Source.Type.GetElementType();
            if (element is { IsPrimitive: true } || _lists > 0)
                eventInfo.Style = SequenceStyle.Flow;
            _lists++;
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(SequenceEndEventInfo eventInfo, IEmitter emitter)
        {
            _lists--;
            base.Emit(eventInfo, emitter);
        }

        public override void Emit(MappingStartEventInfo eventInfo, IEmitter emitter)
        {
            if (_lists > 0 || eventInfo.Source.Type.IsDefined(typeof(OneLineAttribute), inherit: false))
                eventInfo.Style = MappingStyle.Flow;
            base.Emit(eventInfo, emitter);
        }
    }
}
