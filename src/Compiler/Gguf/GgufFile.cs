using System.Diagnostics.CodeAnalysis;
using TaalasSim.ChipModel.Files;

namespace TaalasSim.Compiler.Gguf;

/// <summary>
/// A GGUF model (v2 or v3, little-endian), mapped read-only: metadata and tensors, none of it copied. A split model
/// (<c>…-00001-of-0000N.gguf</c>) is opened through its first file and appears as one. Dispose ends every tensor's and value's use.
/// </summary>
public sealed class GgufFile : IDisposable
{
    private readonly IReadOnlyList<GgufShard> _shards;
    private readonly Dictionary<string, GgufTensor> _byName = new(StringComparer.Ordinal);

    private GgufFile(IReadOnlyList<GgufShard> shards)
    {
        _shards = shards;
        Tensors = [.. shards.SelectMany(shard => shard.Tensors)];
        Warnings = [.. shards.SelectMany(shard => shard.Warnings)];
        Metadata = new GgufMetadata(Path, shards[0].Values);
        foreach (var tensor in Tensors)
        {
            if (!_byName.TryAdd(tensor.Name, tensor))
                throw new InputException(
                    $"{tensor.FilePath}: byte {tensor.Offset}: tensor {GgufFaults.Quote(tensor.Name)} is also in "
                        + $"{_byName[tensor.Name].FilePath}; these files are not parts of one model"
                );
        }
    }

    /// <summary>Path of the file, or of the first file of a split model.</summary>
    public string Path => _shards[0].Path;

    /// <summary>Every file of the model, in order.</summary>
    public IReadOnlyList<string> Files => [.. _shards.Select(shard => shard.Path)];

    /// <summary>Bytes of all files together.</summary>
    public long FileBytes => _shards.Sum(shard => shard.FileBytes);

    /// <summary>Format version: 2 or 3.</summary>
    public int Version => _shards[0].Version;

    /// <summary>Bytes to which tensors are aligned in the data section.</summary>
    public long Alignment => _shards[0].Alignment;

    /// <summary>Metadata; of a split model, that of the first file.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>Every tensor, in the order of the files.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>Oddities that the model was accepted with, one line each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Opens and checks a model.</summary>
    /// <exception cref="InputException">A file is missing, not a well-formed GGUF, or not a part of the model.</exception>
    public static GgufFile Open(string path)
    {
        var shards = new List<GgufShard>();
        try
        {
            shards.Add(new GgufShard(path));
            GgufSplit.AddRest(shards);
            return new GgufFile(shards);
        }
        catch
        {
            foreach (var shard in shards)
                shard.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor that the model may have.</summary>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out GgufTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>A tensor that the model must have, of the given sizes in ggml's order (row length first; ones at the end may be left
    /// out).</summary>
    /// <exception cref="InputException">The tensor is missing or has other sizes.</exception>
    public GgufTensor Tensor(string name, params ReadOnlySpan<long> dimensions)
    {
        var expected = $"{{{string.Join(", ", dimensions.ToArray())}}}";
        if (!TryGetTensor(name, out var tensor))
            throw new InputException(
                $"{Path}: model error: tensor {GgufFaults.Quote(name)}: expected {expected}, found nothing; "
                    + "the file lacks what its architecture needs: convert the model again"
            );
        for (var axis = 0; axis < Math.Max(dimensions.Length, tensor.Dimensions.Count); axis++)
        {
            if (tensor.Dimension(axis) != (axis < dimensions.Length ? dimensions[axis] : 1))
                throw new InputException(
                    $"{tensor.FilePath}: byte {tensor.Offset}: model error: tensor {GgufFaults.Quote(name)}: expected {expected}, "
                        + $"found {{{string.Join(", ", tensor.Dimensions)}}}; the metadata and the tensors disagree: convert the model "
                        + "again"
                );
        }
        return tensor;
    }

    /// <summary>Unmaps the files of all shards; spans and addresses of tensors are no longer valid.</summary>
    public void Dispose()
    {
        foreach (var shard in _shards)
            shard.Dispose();
    }
}
