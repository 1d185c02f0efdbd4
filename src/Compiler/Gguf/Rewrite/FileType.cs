using TaalasSim.ChipModel.Files;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Compiler.Gguf.Rewrite;

/// <summary>What a whole file is stored as: the TYPE of <c>quantize</c>.</summary>
/// <param name="Name">Lower-case name, as people type it.</param>
/// <param name="Id">Value of the key <c>general.file_type</c> (enum llama_ftype of llama.cpp); null keeps the one that the file
/// has.</param>
/// <param name="Base">Type of most matrices; null copies every tensor as it is.</param>
/// <param name="Mixed">Whether sensitive matrices get other types than <paramref name="Base"/>, by the rules of
/// <see cref="ChooseTensorTypes"/>.</param>
public sealed record FileType(string Name, uint? Id, CodeFormat? Base, bool Mixed)
{
    /// <summary>Every file type, widest first: those of the formats that can be encoded, then <c>copy</c>. Names that llama-quantize has
    /// mean the same mix of tensor types.</summary>
    public static IReadOnlyList<FileType> All =>
        [
            .. CodeFormats
                .GgufTypes.Where(format => format.CanEncode)
                .SelectMany(format => format.FileTypes, (format, name) => (Format: format, Name: name))
                .OrderBy(row => row.Name.Place)
                .Select(row => new FileType(row.Name.Name, row.Name.Id, row.Format, row.Name.Mixed)),
            new("copy", null, null, false),
        ];

    /// <summary>The file type of that name in any case.</summary>
    /// <exception cref="InputException">There is none.</exception>
    public static FileType Named(string name) =>
        All.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new InputException($"unknown type '{name}'; choose one of {string.Join(' ', All.Select(t => t.Name))}");
}
