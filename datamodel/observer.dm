# SPDX-License-Identifier: GPL-2.0-or-later

class Observer
  prototyped 23.14.0
  writer pool-admin
  flags constructor

field uuid dynamic string

field name__label rw string = ""
  since rio

field name__description rw string = ""
  since rio

field hosts static set(ref(host)) = []
  flags dangling

field attributes static map(string,string) = {}

field endpoints static set(string) = []

field components static set(string) = []

field enabled static bool = false

message register
  role pool-admin
  flags hidden
  param self ref(Observer)
  param host ref(host)

message unregister
  role pool-admin
  flags hidden
  param self ref(Observer)
  param host ref(host)

message set_hosts
  role pool-admin
  param self ref(Observer)
  param value set(ref(host))

message set_enabled
  role pool-admin
  param self ref(Observer)
  param value bool

message set_attributes
  role pool-admin
  param self ref(Observer)
  param value map(string,string)

message set_endpoints
  role pool-admin
  param self ref(Observer)
  param value set(string)

message set_components
  role pool-admin
  param self ref(Observer)
  param value set(string)
