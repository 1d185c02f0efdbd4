using System.Collections.Concurrent;
using TaalasSim.ChipModel.Formats;

namespace TaalasSim.Runtime.Kernels.Contract;

/// <summary>
/// The kernels of one backend by the class of the format that they multiply. Each file of a backend adds its format when the assembly is
/// loaded, so that a new format needs no line elsewhere.
/// </summary>
/// <typeparam name="TKernels">What the backend has for a format.</typeparam>
internal sealed class KernelRegistry<TKernels>
    where TKernels : class
{
    private readonly ConcurrentDictionary<Type, Func<TKernels>> entries = new();

    /// <summary>Adds the kernels of a format, or of all formats that derive from it; they are made when first asked for.</summary>
    /// <exception cref="ArgumentException">The format has some already.</exception>
    public void Add<TFormat>(Func<TKernels> make)
        where TFormat : CodeFormat
    {
        if (!entries.TryAdd(typeof(TFormat), make))
            throw new ArgumentException($"{typeof(TFormat).Name} has kernels on this backend already", nameof(make));
    }

    /// <summary>The kernels of a format, or null.</summary>
    public TKernels? Find(CodeFormat format)
    {
        for (var type = format.GetType(); type is not null; type = type.BaseType)
            if (entries.TryGetValue(type, out var make))
                return make();
        return null;
    }
}
