using System.Text.RegularExpressions;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// Models cut into files <c>prefix-00001-of-0000N.gguf</c>. Every file carries <c>split.no</c> (u16, from 0), <c>split.count</c> (u16) and
/// <c>split.tensors.count</c> (i32, all files together); the first also carries the model's metadata.
/// </summary>
internal static partial class GgufSplit
{
    public const string NumberKey = "split.no";
    public const string CountKey = "split.count";
    public const string TensorsKey = "split.tensors.count";

    /// <summary>Opens the other files of the model whose first file is in <paramref name="shards"/>, and adds them in order.</summary>
    /// <exception cref="InputException">The file is not the first, or another is missing or belongs to another model.</exception>
    public static void AddRest(List<GgufShard> shards)
    {
        var first = shards[0];
        var metadata = new GgufMetadata(first.Path, first.Values);
        var count = metadata.Get<ushort>(CountKey, 1);
        if (count <= 1)
            return;
        var name = SplitName().Match(first.Path);
        if (!name.Success || int.Parse(name.Groups["count"].ValueSpan) != count)
            throw new InputException(
                $"{first.Path}: is one of {count} files of a split model; name them PREFIX-00001-of-{count:d5}.gguf and so on"
            );
        var number = metadata.Get<ushort>(NumberKey);
        var named = int.Parse(name.Groups["number"].ValueSpan);
        var prefix = name.Groups["prefix"].Value;
        if (named != 1)
            throw new InputException($"{first.Path}: is file {named} of a split model; open the first, {PathOf(prefix, 1, count)}");
        Expect(metadata, first, NumberKey, 0, number);

        for (var i = 1; i < count; i++)
        {
            var path = PathOf(prefix, i + 1, count);
            if (!File.Exists(path))
                throw new InputException($"{path}: missing; the model is split into {count} files, fetch them all into one folder");
            var shard = new GgufShard(path);
            shards.Add(shard);
            var part = new GgufMetadata(path, shard.Values);
            Expect(part, shard, NumberKey, i, part.Get<ushort>(NumberKey));
            Expect(part, shard, CountKey, count, part.Get<ushort>(CountKey));
        }
        var total = shards.Sum(shard => (long)shard.Tensors.Count);
        foreach (var shard in shards)
        {
            var part = new GgufMetadata(shard.Path, shard.Values);
            Expect(part, shard, TensorsKey, total, part.Get<int>(TensorsKey));
        }
    }

    /// <summary>Name of a file of a split model; numbers count from 1.</summary>
    public static string PathOf(string prefix, int number, int count) => $"{prefix}-{number:d5}-of-{count:d5}.gguf";

    private static void Expect(GgufMetadata metadata, GgufShard shard, string key, long expected, long found)
    {
        if (found != expected)
            throw new InputException(
                $"{shard.Path}: byte {metadata.Find(key)!.Offset}: model error: key '{key}': expected {expected}, found {found}; "
                    + "these files are not the parts of one model: fetch them again"
            );
    }

    [GeneratedRegex(
        @"^(?<prefix>.*)-(?<number>\d{5})-of-(?<count>\d{5})\.gguf$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex SplitName();
}
