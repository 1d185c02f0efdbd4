using TaalasSim.Compiler.Gguf;

namespace TaalasSim.Compiler.Adapters;

/// <summary>Adapters opened together, closed together.</summary>
public sealed class AdapterSet : IDisposable
{
    private readonly List<LoraAdapter> _adapters = [];

    /// <summary>Opens adapters for a model.</summary>
    /// <exception cref="ChipModel.Files.InputException">One of them does not fit the model.</exception>
    public AdapterSet(IReadOnlyList<AdapterFile> requests, GgufFile model)
    {
        try
        {
            foreach (var request in requests)
                _adapters.Add(LoraAdapter.Open(request, model));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The adapters, in the order in which they were asked for.</summary>
    public IReadOnlyList<LoraAdapter> Adapters => _adapters;

    /// <summary>Closes all.</summary>
    public void Dispose()
    {
        foreach (var adapter in _adapters)
            adapter.Dispose();
    }
}
