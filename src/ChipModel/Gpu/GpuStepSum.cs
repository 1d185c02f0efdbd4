using System.Globalization;

namespace TaalasSim.ChipModel.Gpu;

/// <summary>Adds up the kernels of a step, and lists them where a table is asked for.</summary>
internal struct GpuStepSum(List<GpuKernel>? table)
{
    private double _matrices;
    private double _stream;
    private double _multiply;
    private double _experts;
    private double _kv;
    private double _prompt;
    private double _layers;
    private double _collectives;
    private double _host;
    private double _bytes;
    private double _busy;
    private double _kvBytes;
    private double _widened;

    /// <summary>A matrix product; times of one, seconds.</summary>
    public void Matrix(
        GpuMatrix matrix,
        double tokens,
        double read,
        double multiply,
        double start,
        double joined,
        double bytes,
        double busy
    )
    {
        var time = start + joined;
        _matrices += matrix.Count * time;
        _stream += matrix.Count * read;
        _multiply += matrix.Count * multiply;
        _bytes += matrix.Count * bytes;
        _busy += matrix.Count * busy;
        table?.Add(
            new GpuKernel(
                matrix.Name,
                Shape($"{tokens:0.#} x {matrix.Columns:0} x {matrix.Depth:0}"),
                matrix.Count,
                1e6 * matrix.Count * time,
                start > joined ? "start"
                    : read >= multiply ? "memory"
                    : "matrix units"
            )
        );
    }

    /// <summary>The grouped products of all mixture layers; times of one layer.</summary>
    public void Experts(
        int layers,
        (double Chosen, double Touched) rows,
        double start,
        (double Read, double Multiply) parts,
        double joined,
        double bytes,
        double busy,
        bool widened
    )
    {
        _experts += layers * (start + joined);
        _widened += widened ? layers * joined : 0;
        _bytes += layers * bytes;
        _busy += layers * busy;
        table?.Add(
            new GpuKernel(
                "routed experts",
                Shape($"{rows.Chosen:0.#} rows, {rows.Touched:0.#} experts"),
                layers,
                1e6 * layers * (start + joined),
                start > joined ? "start"
                    : parts.Read >= parts.Multiply ? "memory"
                    : "matrix units"
            )
        );
    }

    /// <summary>Attention of running sequences, all layers.</summary>
    public void Decode(int layers, double sequences, double context, double start, double read, double bytes)
    {
        _kv += start + read;
        _kvBytes += bytes;
        _bytes += bytes;
        table?.Add(
            new GpuKernel(
                "decode attention",
                Shape($"{sequences:0.#} x {context:0} tokens"),
                layers,
                1e6 * (start + read),
                start > read ? "start" : "memory"
            )
        );
    }

    /// <summary>Attention of prompt tokens, all layers.</summary>
    public void Prompt(int layers, double tokens, double time, double busy)
    {
        _prompt += time;
        _busy += busy;
        table?.Add(new GpuKernel("prompt attention", Shape($"{tokens:0.#} tokens"), layers, 1e6 * time, "matrix units"));
    }

    /// <summary>Small kernels, all layers.</summary>
    public void Layers(int layers, double start, double traffic, double bytes)
    {
        _layers += start + traffic;
        _bytes += bytes;
        table?.Add(
            new GpuKernel(
                "norms, rotary, activation",
                Shape($"{bytes / 1e6:0.#} MB"),
                layers,
                1e6 * (start + traffic),
                start > traffic ? "start" : "memory"
            )
        );
    }

    /// <summary>All-reduces and hand-overs.</summary>
    public void Collectives(int count, double tokens, double time)
    {
        _collectives += time;
        if (time > 0)
            table?.Add(new GpuKernel("all-reduce", Shape($"{tokens:0.#} tokens"), count, 1e6 * time, "link"));
    }

    /// <summary>Host work.</summary>
    public void Host(double sequences, double time)
    {
        _host += time;
        table?.Add(new GpuKernel("scheduler and sampler", Shape($"{sequences:0.#} sequences"), 1, 1e6 * time, "host"));
    }

    /// <summary>The sum.</summary>
    public readonly GpuStep ToStep(double launchFloor) =>
        new()
        {
            Matrices = _matrices,
            Stream = _stream,
            Matrix = _multiply,
            Experts = _experts,
            Kv = _kv,
            PromptAttention = _prompt,
            Layers = _layers,
            Collectives = _collectives,
            Engine = _host,
            LaunchFloor = launchFloor,
            Bytes = _bytes,
            Widened = _widened,
            KvBytes = _kvBytes,
            MatrixSeconds = _busy,
        };

    private static string Shape(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
