/**
 * The functions that expressions of steps may call: the same arguments give the same value, on any machine, on any day,
 * and nothing outside the row is read. Left out are, among others, what reads files or settings, draws at random, knows
 * the time or the session, or depends on the version of the engine (`hash`), on its build (the order of `list_distinct`) or
 * on the language of the machine.
 */
export const pureFunctions: ReadonlySet<string> = new Set(
  `+ - * / // % ^ ** & | << >> ~ ! || @> <@ && ~~ !~~ ~~* !~~* ~~~ like_escape not_like_escape ilike_escape not_ilike_escape
  add subtract multiply divide mod abs sign ceil ceiling floor round trunc even sqrt cbrt exp ln log log2 log10 pow power pi gcd lcm
  greatest_common_divisor least_common_multiple factorial gamma lgamma sin cos tan cot asin acos atan atan2 sinh cosh tanh asinh acosh atanh
  degrees radians isnan isinf isfinite signbit nextafter bit_count xor greatest least switch
  ascii chr unicode ord lower lcase upper ucase trim ltrim rtrim lpad rpad left right left_grapheme right_grapheme length len char_length
  character_length strlen bit_length length_grapheme substring substr substring_grapheme replace translate reverse repeat concat concat_ws
  contains starts_with prefix suffix ends_with instr strpos position split string_split str_split string_to_array split_part
  string_split_regex str_split_regex regexp_matches regexp_full_match regexp_replace regexp_extract regexp_extract_all
  regexp_split_to_array regexp_escape strip_accents nfc_normalize levenshtein editdist3 damerau_levenshtein hamming mismatches jaccard
  jaro_similarity jaro_winkler_similarity printf format bar md5 sha1 sha256 base64 to_base64 from_base64 hex to_hex unhex from_hex bin
  to_binary unbin from_binary to_base encode decode url_encode url_decode parse_filename parse_dirname parse_dirpath parse_path
  date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub date_add make_date make_time make_timestamp strftime strptime
  try_strptime year month day hour minute second quarter week weekday weekofyear yearweek dayofweek dayofmonth dayofyear dayname monthname
  isodow isoyear decade century millennium era julian epoch epoch_ms epoch_us last_day time_bucket microsecond millisecond nanosecond
  to_years to_months to_weeks to_days to_hours to_minutes to_seconds to_milliseconds to_microseconds to_timestamp
  list_value list_pack array_value list_extract list_element array_extract list_slice array_slice list_contains list_has array_contains
  array_has list_position list_indexof array_position array_indexof list_has_any array_has_any list_has_all array_has_all list_concat
  list_cat array_concat array_cat list_unique array_unique list_sort array_sort list_reverse_sort
  list_reverse array_length cardinality range generate_series flatten list_where list_select list_zip list_resize
  struct_pack struct_extract struct_extract_at row map map_keys map_values map_entries map_extract map_extract_value element_at
  map_contains map_concat map_from_entries json_valid json_type json_keys json_array_length json_extract json_extract_string
  json_extract_path json_extract_path_text json_exists json_contains json_value -> ->> to_json json_object json_array
  constant_or_null ifnull nullif coalesce if`
    .split(/\s+/)
    .filter(Boolean),
);
