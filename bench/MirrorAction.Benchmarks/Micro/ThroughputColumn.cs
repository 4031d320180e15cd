using System.Globalization;
using System.Reflection;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace MirrorAction.Benchmarks.Micro;

/// <summary>Megabytes (millions of bytes) a second, for benchmarks that say how many bytes they move.</summary>
internal sealed class ThroughputColumn : IColumn
{
    public string Id => nameof(ThroughputColumn);

    public string ColumnName => "MB/s";

    public string Legend => "Millions of bytes a second, by the mean";

    public bool AlwaysShow => false;

    public ColumnCategory Category => ColumnCategory.Custom;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => Array.Exists([.. summary.BenchmarksCases], c => BytesOf(c) is not null);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => BytesOf(benchmarkCase) is null;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, SummaryStyle.Default);

    /// <summary>A nanosecond a byte is a thousand megabytes a second.</summary>
    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        BytesOf(benchmarkCase) is { } bytes && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (bytes * 1000 / statistics.Mean).ToString("0", CultureInfo.InvariantCulture)
            : "-";

    private static double? BytesOf(BenchmarkCase benchmarkCase) =>
        benchmarkCase.Descriptor.WorkloadMethod.GetCustomAttribute<ThroughputAttribute>()?.Bytes;
}

/// <summary>How many bytes one call of a benchmark moves.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ThroughputAttribute(int bytes) : Attribute
{
    /// <summary>The number.</summary>
    public int Bytes => bytes;
}
